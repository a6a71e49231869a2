"""A secret cannot get past: whatever its shape, whatever stands around it."""

import json
from pathlib import Path

import pytest

from gui.log.redaction import REMOVED, cleaner, secrets_in

pytestmark = pytest.mark.unit

HIDDEN = "s3cr3t-V4lue"
clean = cleaner(
    {"EXCHANGE_API_KEY": "from-the-environment", "HOME": "/far/away/ada", "DEBUG_TOKEN": "1"}, Path("/far/away/ada")
)


@pytest.mark.parametrize(
    "text",
    [
        f"api_key: {HIDDEN}",
        f"apiKey = {HIDDEN}",
        f'{{"api_secret": "{HIDDEN}", "symbol": "BTC/USDT"}}',
        f"{{'password': '{HIDDEN}'}}",
        json.dumps({"body": json.dumps({"passphrase": HIDDEN})}),
        json.dumps({"body": json.dumps({"inner": json.dumps({"token": HIDDEN})})}),
        f'secret: "with \\" a quote {HIDDEN}"',
        f"mnemonic: apple banana cherry {HIDDEN}",
        json.dumps({"file": f"name: demo\nsecret: {HIDDEN}\nsize: 1"}),
        f"GET /orders?symbol=BTC&access_token={HIDDEN}",
        f"https://ada:{HIDDEN}@example.org/path",
        f"https://hooks.slack.com/services/T0/B0/{HIDDEN}",
        f"https://discord.com/api/webhooks/12/{HIDDEN}",
        f"tgram://{HIDDEN}/123",
        f"mailto://ada:{HIDDEN}@mail.example.org",
        f"Authorization: Bearer {HIDDEN}",
        f"-----BEGIN EC PRIVATE KEY-----\n{HIDDEN}\n-----END EC PRIVATE KEY-----",
        f"-----BEGIN PRIVATE KEY-----\n{HIDDEN}",
        f"venue:\n  secrets:\n    kraken: {HIDDEN}\n    binance: {HIDDEN}\n  size: 1",
        f"tokens:\n- {HIDDEN}\n- other {HIDDEN}\nsize: 1",
        f"mnemonic: |\n  apple banana\n  {HIDDEN}\n",
        json.dumps({"secrets": {"kraken": HIDDEN, "binance": HIDDEN}}),
        f"api_keys = ['{HIDDEN}', '{HIDDEN}']",
        "the wallet is 0x" + "ab" * 32,
        "it said from-the-environment in the middle",
    ],
)
def test_no_part_of_a_secret_is_left(text: str) -> None:
    cleaned = clean(text)

    assert REMOVED in cleaned
    for part in (HIDDEN, "ab" * 32, "from-the-environment", "banana"):
        assert part not in cleaned


def test_json_of_texts_is_still_json() -> None:
    line = json.dumps({"text": "refused", "facts": {"api_key": HIDDEN, "why": 'a "quoted" word'}, "level": "INFO"})

    assert json.loads(clean(line)) == {
        "text": "refused",
        "facts": {"api_key": REMOVED, "why": 'a "quoted" word'},
        "level": "INFO",
    }


@pytest.mark.parametrize(
    "text",
    [
        "ORD_20260105_120000_00000 was FILLED at 62059.91",
        '{"symbol": "BTC/USDT:USDT", "quantity": "0.10"}',
        "https://docs.example.org/page?id=3",
        "max_daily_loss: 200",
        "DEBUG_TOKEN's value 1 is too short to be a secret",
    ],
)
def test_what_is_no_secret_stays(text: str) -> None:
    assert clean(text) == text


def test_the_home_folder_does_not_name_a_person() -> None:
    assert clean("/far/away/ada/.config/s1mpletrader/platform.yaml") == "~/.config/s1mpletrader/platform.yaml"


def test_each_address_that_alerts_are_sent_to_is_a_secret_by_itself() -> None:
    environment = {"S1MPLETRADER_ALERT_URLS": "ntfy://my-topic mailto://a:b@c", "LANG": "nl_NL.UTF-8"}

    assert {"ntfy://my-topic", "mailto://a:b@c"} < secrets_in(environment)
    assert cleaner(environment, Path("/far/away/ada"))("sent to ntfy://my-topic now") == f"sent to {REMOVED} now"
