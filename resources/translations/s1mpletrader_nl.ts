<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="nl" sourcelanguage="en">
<context>
    <name>AccountPanel</name>
    <message>
        <source>Equity</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cash</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open P&amp;L</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Realised P&amp;L</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Fees paid</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Drawdown</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Of closed quantities, before fees</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Equity below its highest value since the session began</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Actions</name>
    <message>
        <source>&amp;Session</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Panels</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Workspace</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Start, pause or continue</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stop session</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cancel chosen group</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Flatten all…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Resume trading…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Preferences…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Quit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Find a command…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Follow the newest bar</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show fewer bars</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show more bars</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Search decisions</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reset workspace</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close this panel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keyboard</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Start, pause or continue, where no button or field has the focus</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Move the chart</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Zoom the chart</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Oldest bar, newest bar</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Strategy</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>AppearancePage</name>
    <message>
        <source>Theme</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rise and fall</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Language</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Size of letters in per cent</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Menus, dialogs and tabs change their language at once; panels that are open, with the next session.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Theme</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Rise and fall</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Language</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Size</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ChainView</name>
    <message>
        <source>Chain of the decision</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Value</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What led to a decision appears here, step by step: from the bar to the orders.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>CommandPalette</name>
    <message>
        <source>Commands</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A few letters of an action, a panel, a workspace or a strategy</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Find a command</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Commands that fit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Command</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Kind</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keys</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing is called that. Try fewer letters.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Decisions</name>
    <message>
        <source>Time (UTC)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Outcome</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Strategy</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stage</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rule</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reason</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Flow</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Error</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Said by</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Id</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>confidence {score}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Opportunity</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>severity {score}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Threat</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Directive</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Group</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Venue&apos;s terms</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Intent asked for</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>entry, size and exit are in</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Execution directive</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{count} directives</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Batch</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Entry plan</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>risks {amount}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Size plan</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>stop {price}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>target {price}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Exit plan</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>urgency {score}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>slippage at most {share}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Intent</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>strength {strength}, weakness {weakness}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Missing</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Method</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Age</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Context</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Order ({role})</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>: {quantity} at {price}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>yes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>DecisionsPanel</name>
    <message>
        <source>Decisions</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No decisions yet. Every bar on which a worker says something appears here.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Search reason, rule or id</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Search decisions</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show only flows that ended like this; several may be chosen</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Desk</name>
    <message>
        <source>Window</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ExecutionGroupsPanel</name>
    <message>
        <source>Execution groups</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No groups yet. The orders of one decision appear here as one group.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cancel group</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cancel all working orders of the chosen group (Delete)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pause, keep orders</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Send no more slices of the chosen group. Its orders at the venue go on working.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pause, cancel orders</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Send no more slices of the chosen group and cancel its entries at the venue. The rest is kept.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Resume</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Go on with the chosen group. What was missed is not sent all at once.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Executed of the chosen group</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>How much of the chosen group is executed, of all that was asked</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Flatten</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cancel and close all of {what}?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing else is touched, but no new trade is opened until you choose Resume trading.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Flatten group…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Flatten strategy {name}…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose a group to cancel its working orders.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cancelling {group}: waiting for the venue…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Paused: {reason}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{count} order works</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{count} orders work</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{orders} in this group.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing works in this group any more.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>executed {done}, planned by now {planned}</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Fills</name>
    <message>
        <source>Time (UTC)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Symbol</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Side</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Role</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Price</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Quantity</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Value</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Fee</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Liquidity</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Order</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>FillsPanel</name>
    <message>
        <source>Fills</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No fills yet. Every execution of an order appears here.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>FlattenPanel</name>
    <message>
        <source>Abort…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>End this flatten before it is through. What was cancelled or closed stays so, and so does the latch.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Hide this message</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Flatten all ({mode})</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Flatten all</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Abort the flatten</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing more is cancelled or closed. What is still held stays in the market, with its stops, and no new trade is opened until you choose Resume trading. Why?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing is open. Stop new trades all the same?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{count} working order</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{count} working orders</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{count} position</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{count} positions</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cancel {orders} and close {positions} at market?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>cancel {side} {quantity} {symbol}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>and {count} more</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No new trade is opened until you choose Resume trading.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This is LIVE: real orders are sent.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>close {side} {quantity} {symbol}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>, about {value}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Flatten asked: waiting for the session…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Flattening. Still open: orders {orders}, positions {positions}…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Flatten refused: {why}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Flatten {stage}, asked by {who} at {time}: {text}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{symbol} {quantity}: {state}, attempt {count}. {text}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{count} entries may still fill; what they bring in is closed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No new trades until you choose Resume trading, with a reason.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>FLAT, verified from the ledger at {time}: no working orders, no positions.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No new trades until you choose Resume trading.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Groups</name>
    <message>
        <source>Created (UTC)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Strategy</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Status</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Style</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Filled / quantity</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Average price</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Shortfall (bps)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What was paid more than the price the entry was planned against; below zero it was cheaper</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Next slice (UTC)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Working orders</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Group</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Paused</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>when resumed</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>IncidentOffer</name>
    <message>
        <source>A flatten is under way. The workspace Incident shows what is left, and why.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open Incident</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stay here</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>KeptFile</name>
    <message>
        <source>{path} could not be written: {reason}. The change lasts until the end.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{path} could not be read ({reason}), nor set aside ({blocked}): the defaults are used.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{path} could not be read ({reason}). It was set aside as {aside}; the defaults are used.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Keys</name>
    <message>
        <source>{keys} alone would be taken from text fields and charts: add Ctrl or Alt, or use F1 to F12.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{keys} already does: {action}. Give that other keys first, or choose different ones.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>KeysPage</name>
    <message>
        <source>Search actions</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Actions and their keys</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Action</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Menu</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keys</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>New keys of the chosen action</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Use these keys</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No keys</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Usual keys</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reset all</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Press the new keys in the field first.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Done: the keys work from now on.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <source>S1mpleTrader</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Opening the session…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open or close</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ending the session: everything is being written to disk…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keyboard</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>MarketChart</name>
    <message>
        <source>Market chart</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The first bars appear here when the session runs.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Follow</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Go back to the newest bar and stay there (End)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Volume</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>MarketPanel</name>
    <message>
        <source>Strategy on the chart</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A paused strategy opens no new trades; its orders and stops go on working</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Where the market data comes from</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Strength {strength}   Weakness {weakness}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Data: {label}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Paused: {why}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Resume strategy</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pause strategy</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Entry</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Limit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stop</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Target</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Buy {quantity}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sell {quantity}</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Notes</name>
    <message>
        <source>Time (UTC)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Text</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>NotesPanel</name>
    <message>
        <source>Notes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>All is quiet. Threats, answers to your commands and faults appear here.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Fault</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Session</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{threat}, severity {severity}, seen by {worker}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Threat</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Failed flow</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not booked</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Command</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Orders</name>
    <message>
        <source>Created (UTC)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Status</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Symbol</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Side</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Role</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Type</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Quantity</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Filled</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Limit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stop</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Average fill</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Strategy</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reason</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Order</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>OrdersPanel</name>
    <message>
        <source>Orders</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No orders yet. Orders appear here, working ones and those that are done.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cancel order</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Resolve order…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Say how an UNKNOWN order ended, where the venue&apos;s books do not settle it (NEEDS_OPERATOR)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose a working order to cancel it.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Panels</name>
    <message>
        <source>Market</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Why</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Decisions</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Positions</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Orders</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Execution groups</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Trades</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Fills</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Notes</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Positions</name>
    <message>
        <source>Strategy</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Symbol</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Side</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Quantity</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Average price</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Mark</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open P&amp;L</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Realised P&amp;L</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Fees</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Updated (UTC)</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>PositionsPanel</name>
    <message>
        <source>Positions</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing is held. Positions appear here after their first fill.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Preferences</name>
    <message>
        <source>Dark</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Light</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>As the desktop has it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Teal and red</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Blue and orange: for every kind of colour vision</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Green and red</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Red and green: the custom of East Asia</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>PreferencesDialog</name>
    <message>
        <source>Preferences</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pages of the preferences</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Appearance</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keys</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ReasonDialog</name>
    <message>
        <source>A reason for the journal, at least three characters</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reason</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ResolveOrderDialog</name>
    <message>
        <source>Cancelled: what was left of it is gone</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Expired: its time ran out</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rejected: it never arrived</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What do the venue&apos;s own pages show of {order}? Its books are read again after it: what works there all the same is cancelled, and what executed is booked.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Resolve order</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What became of the order</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ResumeTradingDialog</name>
    <message>
        <source>Resume trading</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Strategies may open new trades again. Why is it safe now?</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>SessionBar</name>
    <message>
        <source>Time of the market that the session sees</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Start</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pause</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stop</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Resume trading…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Flatten all</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Start anew</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Continue</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Trading</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No new trades</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Halted: nothing but cancels</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Trading mode</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Market data</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Where the market data comes from</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stop new trades, cancel every order and close every position, after a question (Ctrl+Shift+F)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Take no more market data; orders go on working (Space)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>End the session; working orders are left as they are</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Allow new trades again, with a reason for the journal</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Side</name>
    <message>
        <source>Buy</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sell</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Long</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Short</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Trades</name>
    <message>
        <source>Opened (UTC)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Status</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Symbol</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Side</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Quantity</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Entry</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stop</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Target</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Result</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Exit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Strategy</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Trade</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>TradesPanel</name>
    <message>
        <source>Trades</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No trades yet. A trade appears here when a strategy decides on one.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close trade…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose an open trade to close it at market.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close the trade of {quantity} {symbol}?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Its working orders are cancelled, and what is held of it is closed at market.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close trade</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Workspaces</name>
    <message>
        <source>Research</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Paper</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Live desk</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Incident</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>How the workspace {name} was left cannot be read: it is laid out as usual.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Workstation</name>
    <message>
        <source>Something went wrong</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The session cannot be opened</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Real money: nothing begins by itself. Press Start when you are ready.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Window</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Opening the session…</source>
        <translation type="unfinished"></translation>
    </message>
</context>
</TS>
