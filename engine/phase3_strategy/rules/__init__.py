"""Single decisions that several planners share: each rule looks at one thing and says what it would do."""
