<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="nl" sourcelanguage="en">
<context>
    <name>AccountPanel</name>
    <message>
        <source>Equity</source>
        <translation>Vermogen</translation>
    </message>
    <message>
        <source>Cash</source>
        <translation>Kas</translation>
    </message>
    <message>
        <source>Open P&amp;L</source>
        <translation>Open W/V</translation>
    </message>
    <message>
        <source>Realised P&amp;L</source>
        <translation>Gerealiseerde W/V</translation>
    </message>
    <message>
        <source>Fees paid</source>
        <translation>Betaalde kosten</translation>
    </message>
    <message>
        <source>Drawdown</source>
        <translation>Drawdown</translation>
    </message>
    <message>
        <source>Of closed quantities, before fees</source>
        <translation>Van gesloten hoeveelheden, vóór kosten</translation>
    </message>
    <message>
        <source>Equity below its highest value since the session began</source>
        <translation>Vermogen onder de hoogste stand sinds het begin van de sessie</translation>
    </message>
</context>
<context>
    <name>Actions</name>
    <message>
        <source>&amp;Session</source>
        <translation>&amp;Sessie</translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation>&amp;Beeld</translation>
    </message>
    <message>
        <source>&amp;Panels</source>
        <translation>&amp;Panelen</translation>
    </message>
    <message>
        <source>&amp;Workspace</source>
        <translation>&amp;Werkruimte</translation>
    </message>
    <message>
        <source>Start, pause or continue</source>
        <translation>Starten, pauzeren of doorgaan</translation>
    </message>
    <message>
        <source>Stop session</source>
        <translation>Sessie stoppen</translation>
    </message>
    <message>
        <source>Cancel chosen group</source>
        <translation>Gekozen groep annuleren</translation>
    </message>
    <message>
        <source>Flatten all… (press twice)</source>
        <translation>Alles flat zetten… (twee keer drukken)</translation>
    </message>
    <message>
        <source>Emergency window</source>
        <translation>Noodvenster</translation>
    </message>
    <message>
        <source>Resume trading…</source>
        <translation>Handel hervatten…</translation>
    </message>
    <message>
        <source>Edit strategy…</source>
        <translation>Strategie bewerken…</translation>
    </message>
    <message>
        <source>Preferences…</source>
        <translation>Voorkeuren…</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>Afsluiten</translation>
    </message>
    <message>
        <source>Find a command…</source>
        <translation>Opdracht zoeken…</translation>
    </message>
    <message>
        <source>Follow the newest bar</source>
        <translation>Nieuwste bar volgen</translation>
    </message>
    <message>
        <source>List the columns of the chart…</source>
        <translation>Toon de kolommen van de grafiek…</translation>
    </message>
    <message>
        <source>Show fewer bars</source>
        <translation>Minder bars tonen</translation>
    </message>
    <message>
        <source>Show more bars</source>
        <translation>Meer bars tonen</translation>
    </message>
    <message>
        <source>Search decisions</source>
        <translation>Beslissingen doorzoeken</translation>
    </message>
    <message>
        <source>Acknowledge the alert on the card</source>
        <translation>Het alarm op de kaart bevestigen</translation>
    </message>
    <message>
        <source>Reset workspace</source>
        <translation>Werkruimte herstellen</translation>
    </message>
    <message>
        <source>Close this panel</source>
        <translation>Dit paneel sluiten</translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation>&amp;Help</translation>
    </message>
    <message>
        <source>Keyboard</source>
        <translation>Toetsenbord</translation>
    </message>
    <message>
        <source>Tour of the window</source>
        <translation>Rondleiding door het venster</translation>
    </message>
    <message>
        <source>Send a test alert outside</source>
        <translation>Een proefalarm naar buiten sturen</translation>
    </message>
    <message>
        <source>Make incident bundle</source>
        <translation>Incidentpakket maken</translation>
    </message>
    <message>
        <source>Start, pause or continue, where no button or field has the focus</source>
        <translation>Starten, pauzeren of doorgaan, als geen knop of veld de focus heeft</translation>
    </message>
    <message>
        <source>Move the chart</source>
        <translation>Grafiek verschuiven</translation>
    </message>
    <message>
        <source>Zoom the chart</source>
        <translation>In- en uitzoomen op de grafiek</translation>
    </message>
    <message>
        <source>Oldest bar, newest bar</source>
        <translation>Oudste bar, nieuwste bar</translation>
    </message>
    <message>
        <source>Strategy</source>
        <translation>Strategie</translation>
    </message>
</context>
<context>
    <name>AlertPhone</name>
    <message>
        <source>No address is named. Put one or more, as Apprise writes them, into the environment variable {variable} and start anew; they are secrets, so they stand in no file.</source>
        <translation>Er is geen adres opgegeven. Zet er een of meer, zoals Apprise ze schrijft, in de omgevingsvariabele {variable} en begin opnieuw; het zijn geheimen, dus ze staan in geen bestand.</translation>
    </message>
    <message>
        <source>S1mpleTrader: a test</source>
        <translation>S1mpleTrader: een proef</translation>
    </message>
    <message>
        <source>Alerts reach you here. Nothing happened.</source>
        <translation>Alarmen bereiken je hier. Er is niets gebeurd.</translation>
    </message>
    <message>
        <source>A test was handed over to be sent. You are told here if nobody takes it.</source>
        <translation>Een proef is meegegeven om te versturen. Je hoort het hier als niemand hem aanneemt.</translation>
    </message>
    <message>
        <source>Still not acknowledged</source>
        <translation>Nog steeds niet bevestigd</translation>
    </message>
    <message>
        <source>since {time} UTC</source>
        <translation>sinds {time} UTC</translation>
    </message>
    <message>
        <source>This alert reached nobody outside: {title}</source>
        <translation>Dit alarm bereikte niemand buiten: {title}</translation>
    </message>
    <message>
        <source>{count} of the addresses in {variable} cannot be read: nothing is sent there.</source>
        <translation>{count} van de adressen in {variable} zijn niet te lezen: daarheen wordt niets gestuurd.</translation>
    </message>
</context>
<context>
    <name>AlertToast</name>
    <message>
        <source>Later</source>
        <translation>Later</translation>
    </message>
    <message>
        <source>Hide this; it stays in the list and is counted until acknowledged</source>
        <translation>Verberg dit; het blijft in de lijst staan en telt mee tot het bevestigd is</translation>
    </message>
    <message>
        <source>Show in list</source>
        <translation>Toon in lijst</translation>
    </message>
    <message>
        <source>Acknowledge</source>
        <translation>Bevestigen</translation>
    </message>
    <message>
        <source>and {count} other alert</source>
        <translation>en {count} ander alarm</translation>
    </message>
    <message>
        <source>and {count} other alerts</source>
        <translation>en {count} andere alarmen</translation>
    </message>
    <message>
        <source>{count} times</source>
        <translation>{count} keer</translation>
    </message>
</context>
<context>
    <name>Alerts</name>
    <message>
        <source>Critical</source>
        <translation>Kritiek</translation>
    </message>
    <message>
        <source>Warning</source>
        <translation>Waarschuwing</translation>
    </message>
    <message>
        <source>Notice</source>
        <translation>Ter info</translation>
    </message>
    <message>
        <source>Flatten incomplete</source>
        <translation>Flat zetten onvolledig</translation>
    </message>
    <message>
        <source>Order in doubt</source>
        <translation>Order in twijfel</translation>
    </message>
    <message>
        <source>Journal cannot be written</source>
        <translation>Journaal niet te schrijven</translation>
    </message>
    <message>
        <source>Session failed</source>
        <translation>Sessie mislukt</translation>
    </message>
    <message>
        <source>Venue not heard</source>
        <translation>Beurs niet te horen</translation>
    </message>
    <message>
        <source>Daily loss reached</source>
        <translation>Dagverlies bereikt</translation>
    </message>
    <message>
        <source>Market is stale</source>
        <translation>Markt staat stil</translation>
    </message>
    <message>
        <source>Plugin in quarantine</source>
        <translation>Plugin in quarantaine</translation>
    </message>
    <message>
        <source>Strategy was paused</source>
        <translation>Strategie is gepauzeerd</translation>
    </message>
    <message>
        <source>Window lags behind</source>
        <translation>Venster loopt achter</translation>
    </message>
    <message>
        <source>Window did not answer</source>
        <translation>Venster reageerde niet</translation>
    </message>
    <message>
        <source>Trading is halted</source>
        <translation>Handel is gestopt</translation>
    </message>
    <message>
        <source>Flatten</source>
        <translation>Flat zetten</translation>
    </message>
    <message>
        <source>Venue</source>
        <translation>Beurs</translation>
    </message>
    <message>
        <source>Journal</source>
        <translation>Journaal</translation>
    </message>
    <message>
        <source>Session</source>
        <translation>Sessie</translation>
    </message>
    <message>
        <source>Guard</source>
        <translation>Wachter</translation>
    </message>
    <message>
        <source>Market</source>
        <translation>Markt</translation>
    </message>
    <message>
        <source>Strategies</source>
        <translation>Strategieën</translation>
    </message>
    <message>
        <source>Window</source>
        <translation>Venster</translation>
    </message>
    <message>
        <source>Something is still open. The emergency window says what and why: close it at the venue if it does not become flat.</source>
        <translation>Er staat nog iets open. Het noodvenster zegt wat en waarom: sluit het bij de beurs als het niet flat wordt.</translation>
    </message>
    <message>
        <source>It is looked up at the venue and never sent again. If it stays in doubt, look in the venue&apos;s own books and say with Resolve order how it ended.</source>
        <translation>Hij wordt bij de beurs opgezocht en nooit opnieuw verstuurd. Blijft er twijfel, kijk dan in de boeken van de beurs en zeg met Order ophelderen hoe hij afliep.</translation>
    </message>
    <message>
        <source>No new risk is taken; closing goes on. Free some space or mend the disk, then start the program anew.</source>
        <translation>Er wordt geen nieuw risico genomen; sluiten gaat door. Maak ruimte vrij of herstel de schijf en start het programma dan opnieuw.</translation>
    </message>
    <message>
        <source>Nothing is watched any more: look at the venue what is open. The notes say why; start anew or flatten.</source>
        <translation>Er wordt niets meer bewaakt: kijk bij de beurs wat openstaat. De meldingen zeggen waarom; begin opnieuw of zet flat.</translation>
    </message>
    <message>
        <source>No new risk is taken until it is heard and its books were read. Look at the network and the venue&apos;s status.</source>
        <translation>Er wordt geen nieuw risico genomen tot ze weer te horen is en haar boeken gelezen zijn. Kijk naar het netwerk en de status van de beurs.</translation>
    </message>
    <message>
        <source>No new trades today. What is open is looked after. The limit is max_daily_loss in operation.yaml.</source>
        <translation>Vandaag geen nieuwe trades. Voor wat openstaat wordt gezorgd. De grens is max_daily_loss in operation.yaml.</translation>
    </message>
    <message>
        <source>Decisions wait for bars. Look at the network and at the venue&apos;s status; prices may have moved.</source>
        <translation>Beslissingen wachten op bars. Kijk naar het netwerk en de status van de beurs; koersen kunnen bewogen zijn.</translation>
    </message>
    <message>
        <source>It is not used. Run `s1mpletrader plugin list`: it says why. Mend it or take it out.</source>
        <translation>Hij wordt niet gebruikt. Voer `s1mpletrader plugin list` uit: dat zegt waarom. Herstel hem of haal hem weg.</translation>
    </message>
    <message>
        <source>It opens no new trades; its stops stay. The decisions say what failed. Resume it when it is mended.</source>
        <translation>Ze opent geen nieuwe trades; haar stops blijven. De beslissingen zeggen wat er misging. Hervat haar als het hersteld is.</translation>
    </message>
    <message>
        <source>Trading goes on; what you see is late. Close panels that you do not need, or slow the session down.</source>
        <translation>De handel gaat door; wat je ziet is laat. Sluit panelen die je niet nodig hebt, of vertraag de sessie.</translation>
    </message>
    <message>
        <source>Look at the venue whether all is as it should be. If it comes again, keep the log: it says what hung.</source>
        <translation>Kijk bij de beurs of alles is zoals het hoort. Komt het terug, bewaar dan het log: dat zegt wat er hing.</translation>
    </message>
    <message>
        <source>No new risk is taken. When you have looked, allow it again with Resume in the status bar.</source>
        <translation>Er wordt geen nieuw risico genomen. Heb je gekeken, sta het dan weer toe met Hervatten in de statusbalk.</translation>
    </message>
    <message>
        <source>✓ acknowledged</source>
        <translation>✓ bevestigd</translation>
    </message>
    <message>
        <source>▲ stands</source>
        <translation>▲ geldt nu</translation>
    </message>
    <message>
        <source>○ over, not seen</source>
        <translation>○ voorbij, niet gezien</translation>
    </message>
    <message>
        <source>Time (UTC)</source>
        <translation>Tijd (UTC)</translation>
    </message>
    <message>
        <source>Level</source>
        <translation>Niveau</translation>
    </message>
    <message>
        <source>State</source>
        <translation>Stand</translation>
    </message>
    <message>
        <source>What</source>
        <translation>Wat</translation>
    </message>
    <message>
        <source>Times</source>
        <translation>Keren</translation>
    </message>
    <message>
        <source>Source</source>
        <translation>Bron</translation>
    </message>
    <message>
        <source>About</source>
        <translation>Betreft</translation>
    </message>
    <message>
        <source>What to do</source>
        <translation>Wat te doen</translation>
    </message>
    <message>
        <source>First: {time} UTC</source>
        <translation>Eerst: {time} UTC</translation>
    </message>
    <message>
        <source>Newest: {time} UTC</source>
        <translation>Laatst: {time} UTC</translation>
    </message>
    <message>
        <source>Over: {time} UTC</source>
        <translation>Voorbij: {time} UTC</translation>
    </message>
</context>
<context>
    <name>AlertsPanel</name>
    <message>
        <source>Alerts</source>
        <translation>Alarmen</translation>
    </message>
    <message>
        <source>Nothing to look at. An incomplete flatten, orders in doubt, a stale market, the daily loss and faults appear here, and stay until you acknowledge them.</source>
        <translation>Niets om naar te kijken. Onvolledig flat zetten, orders in twijfel, een stilstaande markt, het dagverlies en storingen verschijnen hier, en blijven tot je ze bevestigt.</translation>
    </message>
    <message>
        <source>All</source>
        <translation>Alle</translation>
    </message>
    <message>
        <source>Not acknowledged</source>
        <translation>Niet bevestigd</translation>
    </message>
    <message>
        <source>Go to the cause</source>
        <translation>Ga naar de oorzaak</translation>
    </message>
    <message>
        <source>Show what the chosen alert is about (Enter)</source>
        <translation>Toon waar het gekozen alarm over gaat (Enter)</translation>
    </message>
    <message>
        <source>Acknowledge all like it</source>
        <translation>Alle van deze soort bevestigen</translation>
    </message>
    <message>
        <source>Say that every alert of the chosen kind was seen</source>
        <translation>Zeg dat elk alarm van de gekozen soort gezien is</translation>
    </message>
    <message>
        <source>Acknowledge</source>
        <translation>Bevestigen</translation>
    </message>
    <message>
        <source>Say that the chosen alerts were seen</source>
        <translation>Zeg dat de gekozen alarmen gezien zijn</translation>
    </message>
</context>
<context>
    <name>AppearancePage</name>
    <message>
        <source>Theme</source>
        <translation>Thema</translation>
    </message>
    <message>
        <source>Rise and fall</source>
        <translation>Stijging en daling</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>Taal</translation>
    </message>
    <message>
        <source>Size of letters in per cent</source>
        <translation>Lettergrootte in procenten</translation>
    </message>
    <message>
        <source>Menus, dialogs and tabs change their language at once; panels that are open, with the next session.</source>
        <translation>Menu&apos;s, vensters en tabs spreken de nieuwe taal meteen; panelen die open zijn, vanaf de volgende sessie.</translation>
    </message>
    <message>
        <source>&amp;Theme</source>
        <translation>&amp;Thema</translation>
    </message>
    <message>
        <source>&amp;Rise and fall</source>
        <translation>&amp;Stijging en daling</translation>
    </message>
    <message>
        <source>&amp;Language</source>
        <translation>T&amp;aal</translation>
    </message>
    <message>
        <source>&amp;Size</source>
        <translation>&amp;Grootte</translation>
    </message>
</context>
<context>
    <name>Balances</name>
    <message>
        <source>Currency</source>
        <translation>Valuta</translation>
    </message>
    <message>
        <source>Equity</source>
        <translation>Vermogen</translation>
    </message>
    <message>
        <source>Cash</source>
        <translation>Kas</translation>
    </message>
    <message>
        <source>Reserved for orders</source>
        <translation>Gereserveerd voor orders</translation>
    </message>
    <message>
        <source>Free</source>
        <translation>Vrij</translation>
    </message>
    <message>
        <source>Positions</source>
        <translation>Posities</translation>
    </message>
    <message>
        <source>Realised P&amp;L</source>
        <translation>Gerealiseerde W/V</translation>
    </message>
    <message>
        <source>Fees</source>
        <translation>Kosten</translation>
    </message>
    <message>
        <source>Funding</source>
        <translation>Financiering</translation>
    </message>
    <message>
        <source>Updated (UTC)</source>
        <translation>Bijgewerkt (UTC)</translation>
    </message>
</context>
<context>
    <name>BalancesPanel</name>
    <message>
        <source>Balances</source>
        <translation>Saldi</translation>
    </message>
    <message>
        <source>No balance is known yet. Cash, reserved and free amounts appear here.</source>
        <translation>Er is nog geen saldo bekend. Hier verschijnen kas, gereserveerde en vrije bedragen.</translation>
    </message>
</context>
<context>
    <name>Batches</name>
    <message>
        <source>Time (UTC)</source>
        <translation>Tijd (UTC)</translation>
    </message>
    <message>
        <source>Mode</source>
        <translation>Modus</translation>
    </message>
    <message>
        <source>Batch</source>
        <translation>Batch</translation>
    </message>
    <message>
        <source>Part</source>
        <translation>Deel</translation>
    </message>
    <message>
        <source>{number} of {count}</source>
        <translation>{number} van {count}</translation>
    </message>
    <message>
        <source>Does</source>
        <translation>Doet</translation>
    </message>
    <message>
        <source>Part is</source>
        <translation>Deel is</translation>
    </message>
    <message>
        <source>Executed</source>
        <translation>Uitgevoerd</translation>
    </message>
    <message>
        <source>Fees</source>
        <translation>Kosten</translation>
    </message>
    <message>
        <source>Because</source>
        <translation>Omdat</translation>
    </message>
</context>
<context>
    <name>BatchesPanel</name>
    <message>
        <source>Batches</source>
        <translation>Batches</translation>
    </message>
    <message>
        <source>No batches yet. A batch appears here when several trades are opened, changed or closed in one move.</source>
        <translation>Nog geen batches. Een batch verschijnt hier als meerdere transacties in één keer geopend, gewijzigd of gesloten worden.</translation>
    </message>
    <message>
        <source>All</source>
        <translation>Alle</translation>
    </message>
    <message>
        <source>Under way</source>
        <translation>Onderweg</translation>
    </message>
    <message>
        <source>Not as asked</source>
        <translation>Niet zoals gevraagd</translation>
    </message>
    <message>
        <source>Choose a part to see its orders in the other panels.</source>
        <translation>Kies een deel om zijn orders in de andere panelen te zien.</translation>
    </message>
</context>
<context>
    <name>ChainView</name>
    <message>
        <source>Chain of the decision</source>
        <translation>Keten van de beslissing</translation>
    </message>
    <message>
        <source>What</source>
        <translation>Wat</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>Waarde</translation>
    </message>
    <message>
        <source>Planners of the decision</source>
        <translation>Planners van de beslissing</translation>
    </message>
    <message>
        <source>No directive was given in this flow, so no planner was asked.</source>
        <translation>In deze flow is geen directief gegeven, dus is geen planner gevraagd.</translation>
    </message>
    <message>
        <source>The intent in each venue&apos;s terms</source>
        <translation>De intentie in de termen van elke handelsplaats</translation>
    </message>
    <message>
        <source>No trade was planned to its end in this flow, so there is nothing to translate.</source>
        <translation>In deze flow is geen trade tot het einde gepland, dus is er niets te vertalen.</translation>
    </message>
    <message>
        <source>Views of the decision</source>
        <translation>Weergaven van de beslissing</translation>
    </message>
    <message>
        <source>Chain</source>
        <translation>Keten</translation>
    </message>
    <message>
        <source>Planners</source>
        <translation>Planners</translation>
    </message>
    <message>
        <source>Venues compared</source>
        <translation>Handelsplaatsen vergeleken</translation>
    </message>
    <message>
        <source>What if</source>
        <translation>Wat als</translation>
    </message>
    <message>
        <source>What led to a decision appears here, step by step: from the bar to the orders.</source>
        <translation>Hier staat stap voor stap wat tot een beslissing leidde: van de bar tot de orders.</translation>
    </message>
</context>
<context>
    <name>ChangesDialog</name>
    <message>
        <source>What would be saved</source>
        <translation>Wat er opgeslagen zou worden</translation>
    </message>
    <message>
        <source>Difference</source>
        <translation>Verschil</translation>
    </message>
    <message>
        <source>As it stands no session would start with it: see what is wrong first.</source>
        <translation>Zoals het nu is begint er geen sessie mee: kijk eerst wat er mis is.</translation>
    </message>
    <message>
        <source>Not yet</source>
        <translation>Nog niet</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>Opslaan</translation>
    </message>
    <message>
        <source>Save all the same</source>
        <translation>Toch opslaan</translation>
    </message>
</context>
<context>
    <name>Chart</name>
    <message>
        <source>bars are missing before this one</source>
        <translation>vóór deze bar ontbreken bars</translation>
    </message>
    <message>
        <source>warming up</source>
        <translation>warmt op</translation>
    </message>
</context>
<context>
    <name>ColumnChoice</name>
    <message>
        <source>Buttons</source>
        <translation>Knoppen</translation>
    </message>
</context>
<context>
    <name>ColumnListDialog</name>
    <message>
        <source>Columns of {strategy}</source>
        <translation>Kolommen van {strategy}</translation>
    </message>
    <message>
        <source>Columns of the chart</source>
        <translation>Kolommen van de grafiek</translation>
    </message>
    <message>
        <source>This strategy has no context workers: its chart shows the bars alone.</source>
        <translation>Deze strategie heeft geen contextwerkers: haar grafiek toont alleen de bars.</translation>
    </message>
    <message>
        <source>Column</source>
        <translation>Kolom</translation>
    </message>
    <message>
        <source>Written by</source>
        <translation>Geschreven door</translation>
    </message>
    <message>
        <source>Drawn as</source>
        <translation>Getekend als</translation>
    </message>
    <message>
        <source>Unit</source>
        <translation>Eenheid</translation>
    </message>
    <message>
        <source>What it says</source>
        <translation>Wat hij zegt</translation>
    </message>
    <message>
        <source>line over the price</source>
        <translation>lijn over de prijs</translation>
    </message>
    <message>
        <source>line in a pane of its own</source>
        <translation>lijn in een eigen vak</translation>
    </message>
    <message>
        <source>mark at its bar</source>
        <translation>teken bij zijn bar</translation>
    </message>
    <message>
        <source>edge of the band {band}</source>
        <translation>rand van de band {band}</translation>
    </message>
    <message>
        <source>coloured strip: {categories}</source>
        <translation>gekleurde strook: {categories}</translation>
    </message>
</context>
<context>
    <name>CommandPalette</name>
    <message>
        <source>Commands</source>
        <translation>Opdrachten</translation>
    </message>
    <message>
        <source>A few letters of an action, a panel, a workspace or a strategy</source>
        <translation>Een paar letters van een actie, paneel, werkruimte of strategie</translation>
    </message>
    <message>
        <source>Find a command</source>
        <translation>Opdracht zoeken</translation>
    </message>
    <message>
        <source>Commands that fit</source>
        <translation>Opdrachten die passen</translation>
    </message>
    <message>
        <source>Command</source>
        <translation>Opdracht</translation>
    </message>
    <message>
        <source>Kind</source>
        <translation>Soort</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>Toetsen</translation>
    </message>
    <message>
        <source>Nothing is called that. Try fewer letters.</source>
        <translation>Zo heet niets. Probeer minder letters.</translation>
    </message>
</context>
<context>
    <name>CoverageStrip</name>
    <message>
        <source>Which planner answers at which confidence</source>
        <translation>Welke planner bij welk vertrouwen antwoordt</translation>
    </message>
    <message>
        <source>nobody</source>
        <translation>niemand</translation>
    </message>
    <message>
        <source>{names}, or nobody</source>
        <translation>{names}, of niemand</translation>
    </message>
    <message>
        <source>{low} to {high}</source>
        <translation>{low} tot {high}</translation>
    </message>
</context>
<context>
    <name>Decisions</name>
    <message>
        <source>Time (UTC)</source>
        <translation>Tijd (UTC)</translation>
    </message>
    <message>
        <source>Outcome</source>
        <translation>Uitkomst</translation>
    </message>
    <message>
        <source>Strategy</source>
        <translation>Strategie</translation>
    </message>
    <message>
        <source>Stage</source>
        <translation>Fase</translation>
    </message>
    <message>
        <source>Rule</source>
        <translation>Regel</translation>
    </message>
    <message>
        <source>Reason</source>
        <translation>Reden</translation>
    </message>
    <message>
        <source>Flow</source>
        <translation>Flow</translation>
    </message>
    <message>
        <source>Error</source>
        <translation>Fout</translation>
    </message>
    <message>
        <source>Said by</source>
        <translation>Gezegd door</translation>
    </message>
    <message>
        <source>Id</source>
        <translation>Id</translation>
    </message>
    <message>
        <source>confidence {score}</source>
        <translation>vertrouwen {score}</translation>
    </message>
    <message>
        <source>Opportunity</source>
        <translation>Kans</translation>
    </message>
    <message>
        <source>severity {score}</source>
        <translation>ernst {score}</translation>
    </message>
    <message>
        <source>Threat</source>
        <translation>Dreiging</translation>
    </message>
    <message>
        <source>Directive</source>
        <translation>Directief</translation>
    </message>
    <message>
        <source>Group</source>
        <translation>Groep</translation>
    </message>
    <message>
        <source>Venue&apos;s terms</source>
        <translation>Termen van de beurs</translation>
    </message>
    <message>
        <source>Intent asked for</source>
        <translation>Intentie gevraagd</translation>
    </message>
    <message>
        <source>entry, size and exit are in</source>
        <translation>instap, omvang en uitstap zijn binnen</translation>
    </message>
    <message>
        <source>Execution directive</source>
        <translation>Uitvoeringsdirectief</translation>
    </message>
    <message>
        <source>{count} directives</source>
        <translation>{count} directieven</translation>
    </message>
    <message>
        <source>Batch</source>
        <translation>Batch</translation>
    </message>
    <message>
        <source>Entry plan</source>
        <translation>Instapplan</translation>
    </message>
    <message>
        <source>risks {amount}</source>
        <translation>riskeert {amount}</translation>
    </message>
    <message>
        <source>Size plan</source>
        <translation>Omvangplan</translation>
    </message>
    <message>
        <source>stop {price}</source>
        <translation>stop {price}</translation>
    </message>
    <message>
        <source>target {price}</source>
        <translation>doel {price}</translation>
    </message>
    <message>
        <source>Exit plan</source>
        <translation>Uitstapplan</translation>
    </message>
    <message>
        <source>urgency {score}</source>
        <translation>haast {score}</translation>
    </message>
    <message>
        <source>slippage at most {share}</source>
        <translation>slippage hoogstens {share}</translation>
    </message>
    <message>
        <source>Intent</source>
        <translation>Intentie</translation>
    </message>
    <message>
        <source>strength {strength}, weakness {weakness}</source>
        <translation>sterkte {strength}, zwakte {weakness}</translation>
    </message>
    <message>
        <source>Missing</source>
        <translation>Ontbreekt</translation>
    </message>
    <message>
        <source>Method</source>
        <translation>Methode</translation>
    </message>
    <message>
        <source>Age</source>
        <translation>Leeftijd</translation>
    </message>
    <message>
        <source>Context</source>
        <translation>Context</translation>
    </message>
    <message>
        <source>Sum of {side}</source>
        <translation>Som van {side}</translation>
    </message>
    <message>
        <source>{score}, for no factor of this side was there</source>
        <translation>{score}, want van deze kant was er geen factor</translation>
    </message>
    <message>
        <source>{sum}, written as {score}</source>
        <translation>{sum}, geschreven als {score}</translation>
    </message>
    <message>
        <source>Order ({role})</source>
        <translation>Order ({role})</translation>
    </message>
    <message>
        <source>: {quantity} at {price}</source>
        <translation>: {quantity} tegen {price}</translation>
    </message>
    <message>
        <source>yes</source>
        <translation>ja</translation>
    </message>
    <message>
        <source>no</source>
        <translation>nee</translation>
    </message>
</context>
<context>
    <name>DecisionsPanel</name>
    <message>
        <source>Decisions</source>
        <translation>Beslissingen</translation>
    </message>
    <message>
        <source>No decisions yet. Every bar on which a worker says something appears here.</source>
        <translation>Nog geen beslissingen. Elke bar waarop een worker iets zegt, verschijnt hier.</translation>
    </message>
    <message>
        <source>Search reason, rule or id</source>
        <translation>Zoek op reden, regel of id</translation>
    </message>
    <message>
        <source>Search decisions</source>
        <translation>Beslissingen doorzoeken</translation>
    </message>
    <message>
        <source>Show only flows that ended like this; several may be chosen</source>
        <translation>Toon alleen flows die zo eindigden; meer dan één mag</translation>
    </message>
    <message>
        <source>The flow that this came from is not among those of this window.</source>
        <translation>De flow waar dit uit voortkwam, is niet een van die in dit venster.</translation>
    </message>
    <message>
        <source>Nothing was said at the bar that closed at {time} UTC. Quiet bars are only counted.</source>
        <translation>Bij de bar die om {time} UTC sloot, is niets gezegd. Stille bars worden alleen geteld.</translation>
    </message>
</context>
<context>
    <name>Desk</name>
    <message>
        <source>Arm live trading</source>
        <translation>Live handel op scherp zetten</translation>
    </message>
    <message>
        <source>Let {operation} trade with real money?</source>
        <translation>{operation} laten handelen met echt geld?</translation>
    </message>
    <message>
        <source>These strategies may send real orders from the next bar on:</source>
        <translation>Deze strategieën mogen vanaf de volgende bar echte orders sturen:</translation>
    </message>
    <message>
        <source>Arm and start</source>
        <translation>Op scherp zetten en starten</translation>
    </message>
    <message>
        <source>Window</source>
        <translation>Venster</translation>
    </message>
</context>
<context>
    <name>EmergencyWindow</name>
    <message>
        <source>{mode} · Emergency</source>
        <translation>{mode} · Noodgeval</translation>
    </message>
    <message>
        <source>What would be cancelled and closed</source>
        <translation>Wat zou worden geannuleerd en gesloten</translation>
    </message>
    <message>
        <source>Nothing is open in this scope. A flatten would still stop new trades.</source>
        <translation>In dit bereik staat niets open. Flat zetten zou toch nieuwe trades tegenhouden.</translation>
    </message>
    <message>
        <source>Batch mode of a reduction</source>
        <translation>Batchmodus van een afbouw</translation>
    </message>
    <message>
        <source>All at once (PARALLEL)</source>
        <translation>Alles tegelijk (PARALLEL)</translation>
    </message>
    <message>
        <source>One by one (SEQUENTIAL)</source>
        <translation>Een voor een (SEQUENTIAL)</translation>
    </message>
    <message>
        <source>All or nothing is admitted (ATOMIC)</source>
        <translation>Alles of niets wordt toegelaten (ATOMIC)</translation>
    </message>
    <message>
        <source>Cancel orders</source>
        <translation>Orders annuleren</translation>
    </message>
    <message>
        <source>Reduce {share} %</source>
        <translation>{share} % afbouwen</translation>
    </message>
    <message>
        <source>Flatten</source>
        <translation>Flat zetten</translation>
    </message>
    <message>
        <source>Progress of the flatten, market by market</source>
        <translation>Voortgang van het flat zetten, markt voor markt</translation>
    </message>
    <message>
        <source>When a flatten runs, each market and its attempts are listed here.</source>
        <translation>Zodra er flat wordt gezet, staan hier elke markt en de pogingen.</translation>
    </message>
    <message>
        <source>Abort…</source>
        <translation>Afbreken…</translation>
    </message>
    <message>
        <source>Acknowledge</source>
        <translation>Bevestigen</translation>
    </message>
    <message>
        <source>■ ARMED: press {keys} again within 3 seconds to flatten everything. Escape: do nothing.</source>
        <translation>■ OP SCHERP: druk binnen 3 seconden nog eens op {keys} om alles flat te zetten. Escape: niets doen.</translation>
    </message>
    <message>
        <source>Choose what to cover. Nothing happens before a button is used.</source>
        <translation>Kies het bereik. Er gebeurt niets voordat je een knop gebruikt.</translation>
    </message>
    <message>
        <source>close {side} {symbol} of {strategy}</source>
        <translation>sluit {side} {symbol} van {strategy}</translation>
    </message>
    <message>
        <source>cancel {side} {symbol} {order}</source>
        <translation>annuleer {side} {symbol} {order}</translation>
    </message>
    <message>
        <source>Closing costs about {cost}: taker fee, half a tick for the spread, and up to {bps} bps of slippage, which is the first bound of a flatten, from the last prices. Stops and targets go when what they protect is closed.</source>
        <translation>Sluiten kost ongeveer {cost}: takerkosten, een halve tick voor de spread en hoogstens {bps} bps slippage, de eerste grens van het flat zetten, gerekend vanaf de laatste prijzen. Stops en doelen verdwijnen zodra gesloten is wat ze beschermen.</translation>
    </message>
    <message>
        <source>Nothing has to be closed.</source>
        <translation>Er hoeft niets te worden gesloten.</translation>
    </message>
    <message>
        <source>● VERIFIED FLAT at {venue}, {time}: {text}</source>
        <translation>● BEVESTIGD FLAT bij {venue}, {time}: {text}</translation>
    </message>
    <message>
        <source>▲ {venue} is not flat, {time}: {text}</source>
        <translation>▲ {venue} is niet flat, {time}: {text}</translation>
    </message>
    <message>
        <source>Left: {legs}</source>
        <translation>Over: {legs}</translation>
    </message>
    <message>
        <source>{orders} orders and {positions} positions are in it. {cost}</source>
        <translation>Er zitten {orders} orders en {positions} posities in. {cost}</translation>
    </message>
    <message>
        <source>{what} of {scope}?</source>
        <translation>{what} van {scope}?</translation>
    </message>
    <message>
        <source>Reduce by {share} %, {mode}</source>
        <translation>{share} % afbouwen, {mode}</translation>
    </message>
    <message>
        <source>▲ Asked: waiting for the session…</source>
        <translation>▲ Gevraagd: wachten op de sessie…</translation>
    </message>
    <message>
        <source>Hold for 1.5 seconds, by mouse or space bar</source>
        <translation>1,5 seconde ingedrukt houden, met muis of spatiebalk</translation>
    </message>
    <message>
        <source>Asks first</source>
        <translation>Vraagt eerst</translation>
    </message>
    <message>
        <source>What</source>
        <translation>Wat</translation>
    </message>
    <message>
        <source>Quantity</source>
        <translation>Hoeveelheid</translation>
    </message>
    <message>
        <source>Worth</source>
        <translation>Waarde</translation>
    </message>
    <message>
        <source>Costs about</source>
        <translation>Kost ongeveer</translation>
    </message>
    <message>
        <source>Symbol</source>
        <translation>Symbool</translation>
    </message>
    <message>
        <source>Held</source>
        <translation>Aangehouden</translation>
    </message>
    <message>
        <source>Sent</source>
        <translation>Verstuurd</translation>
    </message>
    <message>
        <source>Attempt</source>
        <translation>Poging</translation>
    </message>
    <message>
        <source>Bound</source>
        <translation>Grens</translation>
    </message>
    <message>
        <source>State</source>
        <translation>Toestand</translation>
    </message>
    <message>
        <source>Why</source>
        <translation>Waarom</translation>
    </message>
    <message>
        <source>at market</source>
        <translation>tegen marktprijs</translation>
    </message>
    <message>
        <source>{bps} bps</source>
        <translation>{bps} bps</translation>
    </message>
</context>
<context>
    <name>EquityCurve</name>
    <message>
        <source>Equity and drawdown</source>
        <translation>Vermogen en terugval</translation>
    </message>
    <message>
        <source>The curve begins with the second bar.</source>
        <translation>De curve begint bij de tweede bar.</translation>
    </message>
    <message>
        <source>Equity {equity}, highest {peak}, largest drawdown {fall}</source>
        <translation>Vermogen {equity}, hoogste {peak}, grootste terugval {fall}</translation>
    </message>
</context>
<context>
    <name>ExecutionGroupsPanel</name>
    <message>
        <source>Execution groups</source>
        <translation>Uitvoeringsgroepen</translation>
    </message>
    <message>
        <source>Cancel group</source>
        <translation>Groep annuleren</translation>
    </message>
    <message>
        <source>Pause, keep orders</source>
        <translation>Pauze, orders houden</translation>
    </message>
    <message>
        <source>Pause, cancel orders</source>
        <translation>Pauze, orders annuleren</translation>
    </message>
    <message>
        <source>Send no more slices of the chosen group and cancel its entries at the venue. The rest is kept.</source>
        <translation>Stuur geen delen van de gekozen groep meer en annuleer de instaporders op de beurs. De rest blijft.</translation>
    </message>
    <message>
        <source>Resume</source>
        <translation>Hervatten</translation>
    </message>
    <message>
        <source>No groups here. The orders of one decision appear as one group.</source>
        <translation>Hier zijn geen groepen. De orders van één beslissing verschijnen als één groep.</translation>
    </message>
    <message>
        <source>All</source>
        <translation>Alle</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>Open</translation>
    </message>
    <message>
        <source>Cancel the chosen order, or all working orders of the chosen group (Delete)</source>
        <translation>Annuleer de gekozen order, of alle lopende orders van de gekozen groep (Delete)</translation>
    </message>
    <message>
        <source>Send no more slices of the chosen group. Its orders at the venue go on working. (P)</source>
        <translation>Stuur geen delen van de gekozen groep meer. De orders op de beurs blijven lopen. (P)</translation>
    </message>
    <message>
        <source>Go on with the chosen group. What was missed is not sent all at once. (R)</source>
        <translation>Ga door met de gekozen groep. Wat gemist is, wordt niet in één keer gestuurd. (R)</translation>
    </message>
    <message>
        <source>Executed of the chosen group</source>
        <translation>Uitgevoerd van de gekozen groep</translation>
    </message>
    <message>
        <source>How much of the chosen group is executed, of all that was asked</source>
        <translation>Hoeveel van de gekozen groep is uitgevoerd, van alles wat is gevraagd</translation>
    </message>
    <message>
        <source>Flatten</source>
        <translation>Flat zetten</translation>
    </message>
    <message>
        <source>Cancel and close all of {what}?</source>
        <translation>Alles van {what} annuleren en sluiten?</translation>
    </message>
    <message>
        <source>Nothing else is touched, but no new trade is opened until you choose Resume trading.</source>
        <translation>De rest blijft ongemoeid, maar er komt geen nieuwe trade bij tot je Handel hervatten kiest.</translation>
    </message>
    <message>
        <source>Cancel order</source>
        <translation>Order annuleren</translation>
    </message>
    <message>
        <source>Flatten group…</source>
        <translation>Groep flat zetten…</translation>
    </message>
    <message>
        <source>Flatten strategy {name}…</source>
        <translation>Strategie {name} flat zetten…</translation>
    </message>
    <message>
        <source>Copy chosen rows</source>
        <translation>Gekozen rijen kopiëren</translation>
    </message>
    <message>
        <source>Choose a group or an order to cancel or pause it.</source>
        <translation>Kies een groep of order om die te annuleren of te pauzeren.</translation>
    </message>
    <message>
        <source>Cancelling {order}: waiting for the venue…</source>
        <translation>{order} wordt geannuleerd: wachten op de beurs…</translation>
    </message>
    <message>
        <source>Cancelling {group}: waiting for the venue…</source>
        <translation>{group} wordt geannuleerd: wachten op de beurs…</translation>
    </message>
    <message>
        <source>{group}: waiting for an answer…</source>
        <translation>{group}: wachten op antwoord…</translation>
    </message>
    <message>
        <source>Paused: {reason}</source>
        <translation>Gepauzeerd: {reason}</translation>
    </message>
    <message>
        <source>{count} order works</source>
        <translation>{count} order loopt</translation>
    </message>
    <message>
        <source>{count} orders work</source>
        <translation>{count} orders lopen</translation>
    </message>
    <message>
        <source>{orders} in this group.</source>
        <translation>{orders} in deze groep.</translation>
    </message>
    <message>
        <source>Nothing works in this group any more.</source>
        <translation>In deze groep loopt niets meer.</translation>
    </message>
    <message>
        <source>executed {done}, planned by now {planned}</source>
        <translation>uitgevoerd {done}, nu gepland {planned}</translation>
    </message>
</context>
<context>
    <name>ExportMenu</name>
    <message>
        <source>Save chart</source>
        <translation>Grafiek opslaan</translation>
    </message>
    <message>
        <source>Save picture as PNG…</source>
        <translation>Afbeelding opslaan als PNG…</translation>
    </message>
    <message>
        <source>Save data as CSV…</source>
        <translation>Data opslaan als CSV…</translation>
    </message>
    <message>
        <source>Save data as Parquet…</source>
        <translation>Data opslaan als Parquet…</translation>
    </message>
    <message>
        <source>The picture could not be written.</source>
        <translation>De afbeelding kon niet worden geschreven.</translation>
    </message>
    <message>
        <source>{path} was not written: {why} Choose another folder.</source>
        <translation>{path} is niet geschreven: {why} Kies een andere map.</translation>
    </message>
</context>
<context>
    <name>FaultReport</name>
    <message>
        <source>Something failed</source>
        <translation>Er ging iets mis</translation>
    </message>
    <message>
        <source>Something in the program failed. It was contained.</source>
        <translation>Iets in het programma ging mis. Het is ingedamd.</translation>
    </message>
    <message>
        <source>Written down in {path}, without secrets.</source>
        <translation>Opgeschreven in {path}, zonder geheimen.</translation>
    </message>
    <message>
        <source>It could not be written to disk: copy it from here.</source>
        <translation>Het kon niet naar schijf geschreven worden: kopieer het hier.</translation>
    </message>
    <message>
        <source>Failed: {part}, on the thread {thread}. {error}</source>
        <translation>Misgegaan: {part}, op de thread {thread}. {error}</translation>
    </message>
    <message>
        <source>Where it failed</source>
        <translation>Waar het misging</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Kopiëren</translation>
    </message>
    <message>
        <source>Make incident bundle</source>
        <translation>Incidentpakket maken</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Sluiten</translation>
    </message>
</context>
<context>
    <name>Fills</name>
    <message>
        <source>Time (UTC)</source>
        <translation>Tijd (UTC)</translation>
    </message>
    <message>
        <source>Symbol</source>
        <translation>Symbool</translation>
    </message>
    <message>
        <source>Side</source>
        <translation>Kant</translation>
    </message>
    <message>
        <source>Role</source>
        <translation>Rol</translation>
    </message>
    <message>
        <source>Price</source>
        <translation>Prijs</translation>
    </message>
    <message>
        <source>Quantity</source>
        <translation>Hoeveelheid</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>Waarde</translation>
    </message>
    <message>
        <source>Fee</source>
        <translation>Kosten</translation>
    </message>
    <message>
        <source>Paid in</source>
        <translation>Betaald in</translation>
    </message>
    <message>
        <source>Liquidity</source>
        <translation>Liquiditeit</translation>
    </message>
    <message>
        <source>Order</source>
        <translation>Order</translation>
    </message>
</context>
<context>
    <name>FillsPanel</name>
    <message>
        <source>Fills</source>
        <translation>Fills</translation>
    </message>
    <message>
        <source>No fills yet. Every execution of an order appears here.</source>
        <translation>Nog geen fills. Elke uitvoering van een order verschijnt hier.</translation>
    </message>
</context>
<context>
    <name>FlattenPanel</name>
    <message>
        <source>Abort…</source>
        <translation>Afbreken…</translation>
    </message>
    <message>
        <source>End this flatten before it is through. What was cancelled or closed stays so, and so does the latch.</source>
        <translation>Breek het flat zetten af voordat het klaar is. Wat geannuleerd of gesloten is, blijft zo; ook de vergrendeling blijft.</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Sluiten</translation>
    </message>
    <message>
        <source>Hide this message</source>
        <translation>Verberg dit bericht</translation>
    </message>
    <message>
        <source>Flatten all ({mode})</source>
        <translation>Alles flat zetten ({mode})</translation>
    </message>
    <message>
        <source>Flatten all</source>
        <translation>Alles flat zetten</translation>
    </message>
    <message>
        <source>Abort the flatten</source>
        <translation>Flat zetten afbreken</translation>
    </message>
    <message>
        <source>Nothing more is cancelled or closed. What is still held stays in the market, with its stops, and no new trade is opened until you choose Resume trading. Why?</source>
        <translation>Er wordt niets meer geannuleerd of gesloten. Wat nog openstaat blijft in de markt, met zijn stops, en er komt geen nieuwe trade bij tot je Handel hervatten kiest. Waarom?</translation>
    </message>
    <message>
        <source>Nothing is open. Stop new trades all the same?</source>
        <translation>Er staat niets open. Toch nieuwe trades tegenhouden?</translation>
    </message>
    <message>
        <source>{count} working order</source>
        <translation>{count} lopende order</translation>
    </message>
    <message>
        <source>{count} working orders</source>
        <translation>{count} lopende orders</translation>
    </message>
    <message>
        <source>{count} position</source>
        <translation>{count} positie</translation>
    </message>
    <message>
        <source>{count} positions</source>
        <translation>{count} posities</translation>
    </message>
    <message>
        <source>Cancel {orders} and close {positions} at market?</source>
        <translation>{orders} annuleren en {positions} tegen marktprijs sluiten?</translation>
    </message>
    <message>
        <source>cancel {side} {quantity} {symbol}</source>
        <translation>annuleer {side} {quantity} {symbol}</translation>
    </message>
    <message>
        <source>and {count} more</source>
        <translation>en nog {count}</translation>
    </message>
    <message>
        <source>No new trade is opened until you choose Resume trading.</source>
        <translation>Er komt geen nieuwe trade bij tot je Handel hervatten kiest.</translation>
    </message>
    <message>
        <source>This is LIVE: real orders are sent.</source>
        <translation>Dit is LIVE: er worden echte orders verstuurd.</translation>
    </message>
    <message>
        <source>close {side} {quantity} {symbol}</source>
        <translation>sluit {side} {quantity} {symbol}</translation>
    </message>
    <message>
        <source>, about {value}</source>
        <translation>, ongeveer {value}</translation>
    </message>
    <message>
        <source>Flatten asked: waiting for the session…</source>
        <translation>Flat zetten gevraagd: wachten op de sessie…</translation>
    </message>
    <message>
        <source>Flattening. Still open: orders {orders}, positions {positions}…</source>
        <translation>Bezig met flat zetten. Nog open: orders {orders}, posities {positions}…</translation>
    </message>
    <message>
        <source>Flatten refused: {why}</source>
        <translation>Flat zetten geweigerd: {why}</translation>
    </message>
    <message>
        <source>Flatten {stage}, asked by {who} at {time}: {text}</source>
        <translation>Flat zetten {stage}, gevraagd door {who} om {time}: {text}</translation>
    </message>
    <message>
        <source>{symbol} {quantity}: {state}, attempt {count}. {text}</source>
        <translation>{symbol} {quantity}: {state}, poging {count}. {text}</translation>
    </message>
    <message>
        <source>{count} entries may still fill; what they bring in is closed</source>
        <translation>{count} instaporders kunnen nog vullen; wat ze opleveren wordt gesloten</translation>
    </message>
    <message>
        <source>No new trades until you choose Resume trading, with a reason.</source>
        <translation>Geen nieuwe trades tot je Handel hervatten kiest, met een reden.</translation>
    </message>
    <message>
        <source>FLAT, verified from the ledger at {time}: no working orders, no positions.</source>
        <translation>FLAT, bevestigd uit het grootboek om {time}: geen lopende orders, geen posities.</translation>
    </message>
    <message>
        <source>No new trades until you choose Resume trading.</source>
        <translation>Geen nieuwe trades tot je Handel hervatten kiest.</translation>
    </message>
</context>
<context>
    <name>Groups</name>
    <message>
        <source>Status</source>
        <translation>Status</translation>
    </message>
    <message>
        <source>Group, order, fill</source>
        <translation>Groep, order, fill</translation>
    </message>
    <message>
        <source>Act</source>
        <translation>Handeling</translation>
    </message>
    <message>
        <source>Planned / done</source>
        <translation>Gepland / gedaan</translation>
    </message>
    <message>
        <source>Filled / quantity</source>
        <translation>Gevuld / hoeveelheid</translation>
    </message>
    <message>
        <source>Average price</source>
        <translation>Gemiddelde prijs</translation>
    </message>
    <message>
        <source>Arrival price</source>
        <translation>Aankomstprijs</translation>
    </message>
    <message>
        <source>Slippage (bps)</source>
        <translation>Slippage (bps)</translation>
    </message>
    <message>
        <source>Time (UTC)</source>
        <translation>Tijd (UTC)</translation>
    </message>
    <message>
        <source>Id</source>
        <translation>Id</translation>
    </message>
    <message>
        <source>⚠ Late fill</source>
        <translation>⚠ Late fill</translation>
    </message>
    <message>
        <source>Fill</source>
        <translation>Fill</translation>
    </message>
    <message>
        <source>What was paid more than the price the entry was planned against; below zero it was cheaper</source>
        <translation>Wat meer is betaald dan de prijs waartegen de instap was gepland; onder nul was het goedkoper</translation>
    </message>
    <message>
        <source>Next slice (UTC)</source>
        <translation>Volgend deel (UTC)</translation>
    </message>
    <message>
        <source>Paused</source>
        <translation>Gepauzeerd</translation>
    </message>
    <message>
        <source>{count} late fill</source>
        <translation>{count} late fill</translation>
    </message>
    <message>
        <source>{count} late fills</source>
        <translation>{count} late fills</translation>
    </message>
    <message>
        <source>After its order was over</source>
        <translation>Nadat zijn order voorbij was</translation>
    </message>
    <message>
        <source>Booked</source>
        <translation>Geboekt</translation>
    </message>
    <message>
        <source>Cancel order</source>
        <translation>Order annuleren</translation>
    </message>
    <message>
        <source>Pause, keep orders</source>
        <translation>Pauze, orders houden</translation>
    </message>
    <message>
        <source>Resume</source>
        <translation>Hervatten</translation>
    </message>
    <message>
        <source>Cancel group</source>
        <translation>Groep annuleren</translation>
    </message>
    <message>
        <source>executed {done}</source>
        <translation>uitgevoerd {done}</translation>
    </message>
    <message>
        <source>planned by now {planned}, executed {done}</source>
        <translation>nu gepland {planned}, uitgevoerd {done}</translation>
    </message>
    <message>
        <source>when resumed</source>
        <translation>na hervatten</translation>
    </message>
</context>
<context>
    <name>IncidentOffer</name>
    <message>
        <source>A flatten is under way. The workspace Incident shows what is left, and why.</source>
        <translation>Er wordt flat gezet. De werkruimte Incident toont wat er nog staat, en waarom.</translation>
    </message>
    <message>
        <source>Open Incident</source>
        <translation>Incident openen</translation>
    </message>
    <message>
        <source>Stay here</source>
        <translation>Hier blijven</translation>
    </message>
</context>
<context>
    <name>IncidentResponse</name>
    <message>
        <source>Window</source>
        <translation>Venster</translation>
    </message>
    <message>
        <source>An earlier window died of a fault below Python. Where it was is written in {path}.</source>
        <translation>Een eerder venster stierf aan een fout onder Python. Waar dat was, staat in {path}.</translation>
    </message>
    <message>
        <source>There is no folder for an incident bundle: this window keeps no files.</source>
        <translation>Er is geen map voor een incidentpakket: dit venster bewaart geen bestanden.</translation>
    </message>
    <message>
        <source>The incident bundle is being made…</source>
        <translation>Het incidentpakket wordt gemaakt…</translation>
    </message>
    <message>
        <source>The incident bundle was not written: {reason}. Free some space and try again.</source>
        <translation>Het incidentpakket is niet geschreven: {reason}. Maak ruimte vrij en probeer het opnieuw.</translation>
    </message>
    <message>
        <source>The incident bundle was not kept: {reason}</source>
        <translation>Het incidentpakket is niet bewaard: {reason}</translation>
    </message>
    <message>
        <source>The incident bundle is written: {path}. Secrets were taken out; amounts were not.</source>
        <translation>Het incidentpakket is geschreven: {path}. Geheimen zijn eruit gehaald; bedragen niet.</translation>
    </message>
    <message>
        <source>No session is open.</source>
        <translation>Er is geen sessie open.</translation>
    </message>
    <message>
        <source>The session: {mode}, {state}. The emergency window stays in reach.</source>
        <translation>De sessie: {mode}, {state}. Het noodvenster blijft binnen bereik.</translation>
    </message>
</context>
<context>
    <name>KeptFile</name>
    <message>
        <source>{path} could not be written: {reason}. The change lasts until the end.</source>
        <translation>{path} kon niet worden geschreven: {reason}. De wijziging geldt tot het einde.</translation>
    </message>
    <message>
        <source>{path} could not be read ({reason}), nor set aside ({blocked}): the defaults are used.</source>
        <translation>{path} kon niet worden gelezen ({reason}) en ook niet opzij worden gezet ({blocked}): de standaardwaarden gelden.</translation>
    </message>
    <message>
        <source>{path} could not be read ({reason}). It was set aside as {aside}; the defaults are used.</source>
        <translation>{path} kon niet worden gelezen ({reason}). Het is opzij gezet als {aside}; de standaardwaarden gelden.</translation>
    </message>
</context>
<context>
    <name>Keys</name>
    <message>
        <source>{keys} alone would be taken from text fields and charts: add Ctrl or Alt, or use F1 to F12.</source>
        <translation>{keys} alleen zou tekstvelden en grafieken in de weg zitten: voeg Ctrl of Alt toe, of gebruik F1 tot F12.</translation>
    </message>
    <message>
        <source>{keys} already does: {action}. Give that other keys first, or choose different ones.</source>
        <translation>{keys} doet al: {action}. Geef dat eerst andere toetsen, of kies hier andere.</translation>
    </message>
</context>
<context>
    <name>KeysPage</name>
    <message>
        <source>Search actions</source>
        <translation>Acties zoeken</translation>
    </message>
    <message>
        <source>Actions and their keys</source>
        <translation>Acties en hun toetsen</translation>
    </message>
    <message>
        <source>Action</source>
        <translation>Actie</translation>
    </message>
    <message>
        <source>Menu</source>
        <translation>Menu</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>Toetsen</translation>
    </message>
    <message>
        <source>New keys of the chosen action</source>
        <translation>Nieuwe toetsen van de gekozen actie</translation>
    </message>
    <message>
        <source>Use these keys</source>
        <translation>Deze toetsen gebruiken</translation>
    </message>
    <message>
        <source>No keys</source>
        <translation>Geen toetsen</translation>
    </message>
    <message>
        <source>Usual keys</source>
        <translation>Gewone toetsen</translation>
    </message>
    <message>
        <source>Reset all</source>
        <translation>Alles herstellen</translation>
    </message>
    <message>
        <source>Press the new keys in the field first.</source>
        <translation>Druk eerst in het veld op de nieuwe toetsen.</translation>
    </message>
    <message>
        <source>Done: the keys work from now on.</source>
        <translation>Klaar: de toetsen werken vanaf nu.</translation>
    </message>
</context>
<context>
    <name>Log</name>
    <message>
        <source>Time (UTC)</source>
        <translation>Tijd (UTC)</translation>
    </message>
    <message>
        <source>Level</source>
        <translation>Niveau</translation>
    </message>
    <message>
        <source>Text</source>
        <translation>Tekst</translation>
    </message>
    <message>
        <source>Facts</source>
        <translation>Feiten</translation>
    </message>
    <message>
        <source>Source</source>
        <translation>Bron</translation>
    </message>
    <message>
        <source>■ Error</source>
        <translation>■ Fout</translation>
    </message>
    <message>
        <source>▲ Warning</source>
        <translation>▲ Waarschuwing</translation>
    </message>
    <message>
        <source>○ Info</source>
        <translation>○ Info</translation>
    </message>
    <message>
        <source>· Detail</source>
        <translation>· Detail</translation>
    </message>
</context>
<context>
    <name>LogPanel</name>
    <message>
        <source>Log</source>
        <translation>Log</translation>
    </message>
    <message>
        <source>Nothing was said yet. What orders, flows, commands and the program&apos;s own parts say appears here.</source>
        <translation>Er is nog niets gezegd. Wat orders, flows, opdrachten en de delen van het programma zelf zeggen, verschijnt hier.</translation>
    </message>
    <message>
        <source>Info and above</source>
        <translation>Info en hoger</translation>
    </message>
    <message>
        <source>Warnings and errors</source>
        <translation>Waarschuwingen en fouten</translation>
    </message>
    <message>
        <source>Errors</source>
        <translation>Fouten</translation>
    </message>
    <message>
        <source>Everything</source>
        <translation>Alles</translation>
    </message>
    <message>
        <source>Go to the cause</source>
        <translation>Ga naar de oorzaak</translation>
    </message>
    <message>
        <source>Show the order or the flow that the chosen line names (Enter)</source>
        <translation>Toon de order of de flow die de gekozen regel noemt (Enter)</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>Pauzeren</translation>
    </message>
    <message>
        <source>Let nothing move while you read; what comes waits</source>
        <translation>Laat niets bewegen terwijl je leest; wat komt, wacht</translation>
    </message>
    <message>
        <source>Go on ({count} new)</source>
        <translation>Verder ({count} nieuw)</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>Verder</translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <source>S1mpleTrader</source>
        <translation>S1mpleTrader</translation>
    </message>
    <message>
        <source>Opening the session…</source>
        <translation>De sessie wordt geopend…</translation>
    </message>
    <message>
        <source>Open or close</source>
        <translation>Openen of sluiten</translation>
    </message>
    <message>
        <source>Ending the session: everything is being written to disk…</source>
        <translation>De sessie wordt beëindigd: alles wordt naar schijf geschreven…</translation>
    </message>
    <message>
        <source>Keyboard</source>
        <translation>Toetsenbord</translation>
    </message>
</context>
<context>
    <name>MarketChart</name>
    <message>
        <source>Market chart</source>
        <translation>Marktgrafiek</translation>
    </message>
    <message>
        <source>The first bars appear here when the session runs.</source>
        <translation>De eerste bars verschijnen hier zodra de sessie loopt.</translation>
    </message>
    <message>
        <source>Follow</source>
        <translation>Volgen</translation>
    </message>
    <message>
        <source>Go back to the newest bar and stay there (End)</source>
        <translation>Terug naar de nieuwste bar en daar blijven (End)</translation>
    </message>
    <message>
        <source>No bar since {time}</source>
        <translation>Geen bar sinds {time}</translation>
    </message>
    <message>
        <source>Volume</source>
        <translation>Volume</translation>
    </message>
</context>
<context>
    <name>MarketPanel</name>
    <message>
        <source>Strategy on the chart</source>
        <translation>Strategie op de grafiek</translation>
    </message>
    <message>
        <source>Longer timeframe beside the chart</source>
        <translation>Langere tijdschaal naast de grafiek</translation>
    </message>
    <message>
        <source>Show the same context in a longer timeframe beside this one</source>
        <translation>Toon dezelfde context in een langere tijdschaal naast deze</translation>
    </message>
    <message>
        <source>A paused strategy opens no new trades; its orders and stops go on working</source>
        <translation>Een gepauzeerde strategie opent geen nieuwe trades; haar orders en stops blijven lopen</translation>
    </message>
    <message>
        <source>Where the market data comes from</source>
        <translation>Waar de marktdata vandaan komt</translation>
    </message>
    <message>
        <source>Strength {strength}   Weakness {weakness}</source>
        <translation>Sterkte {strength}   Zwakte {weakness}</translation>
    </message>
    <message>
        <source>Data: {label}</source>
        <translation>Data: {label}</translation>
    </message>
    <message>
        <source>Alone</source>
        <translation>Alleen</translation>
    </message>
    <message>
        <source>+ {timeframe}</source>
        <translation>+ {timeframe}</translation>
    </message>
    <message>
        <source>Paused: {why}</source>
        <translation>Gepauzeerd: {why}</translation>
    </message>
    <message>
        <source>Resume strategy</source>
        <translation>Strategie hervatten</translation>
    </message>
    <message>
        <source>Pause strategy</source>
        <translation>Strategie pauzeren</translation>
    </message>
    <message>
        <source>Entry</source>
        <translation>Instap</translation>
    </message>
    <message>
        <source>Limit</source>
        <translation>Limiet</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Stop</translation>
    </message>
    <message>
        <source>Target</source>
        <translation>Doel</translation>
    </message>
    <message>
        <source>Buy {quantity}</source>
        <translation>Koop {quantity}</translation>
    </message>
    <message>
        <source>Sell {quantity}</source>
        <translation>Verkoop {quantity}</translation>
    </message>
</context>
<context>
    <name>Notes</name>
    <message>
        <source>Time (UTC)</source>
        <translation>Tijd (UTC)</translation>
    </message>
    <message>
        <source>What</source>
        <translation>Wat</translation>
    </message>
    <message>
        <source>Text</source>
        <translation>Tekst</translation>
    </message>
</context>
<context>
    <name>NotesPanel</name>
    <message>
        <source>Notes</source>
        <translation>Meldingen</translation>
    </message>
    <message>
        <source>All is quiet. Threats, answers to your commands and faults appear here.</source>
        <translation>Alles is rustig. Dreigingen, antwoorden op je opdrachten en storingen verschijnen hier.</translation>
    </message>
    <message>
        <source>Fault</source>
        <translation>Storing</translation>
    </message>
    <message>
        <source>Session</source>
        <translation>Sessie</translation>
    </message>
    <message>
        <source>{threat}, severity {severity}, seen by {worker}</source>
        <translation>{threat}, ernst {severity}, gezien door {worker}</translation>
    </message>
    <message>
        <source>Threat</source>
        <translation>Dreiging</translation>
    </message>
    <message>
        <source>Failed flow</source>
        <translation>Mislukte flow</translation>
    </message>
    <message>
        <source>Not booked</source>
        <translation>Niet geboekt</translation>
    </message>
    <message>
        <source>Command</source>
        <translation>Opdracht</translation>
    </message>
</context>
<context>
    <name>NoticedPanel</name>
    <message>
        <source>All</source>
        <translation>Alle</translation>
    </message>
    <message>
        <source>Named by a directive</source>
        <translation>Door een directief genoemd</translation>
    </message>
    <message>
        <source>Refused</source>
        <translation>Geweigerd</translation>
    </message>
    <message>
        <source>Choose a row to open the flow in which it was said.</source>
        <translation>Kies een rij om de flow te openen waarin het werd gezegd.</translation>
    </message>
</context>
<context>
    <name>Orders</name>
    <message>
        <source>Created (UTC)</source>
        <translation>Gemaakt (UTC)</translation>
    </message>
    <message>
        <source>Status</source>
        <translation>Status</translation>
    </message>
    <message>
        <source>Symbol</source>
        <translation>Symbool</translation>
    </message>
    <message>
        <source>Side</source>
        <translation>Kant</translation>
    </message>
    <message>
        <source>Role</source>
        <translation>Rol</translation>
    </message>
    <message>
        <source>Type</source>
        <translation>Type</translation>
    </message>
    <message>
        <source>Quantity</source>
        <translation>Hoeveelheid</translation>
    </message>
    <message>
        <source>Filled</source>
        <translation>Gevuld</translation>
    </message>
    <message>
        <source>Limit</source>
        <translation>Limiet</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Stop</translation>
    </message>
    <message>
        <source>Average fill</source>
        <translation>Gemiddelde fill</translation>
    </message>
    <message>
        <source>Strategy</source>
        <translation>Strategie</translation>
    </message>
    <message>
        <source>Reason</source>
        <translation>Reden</translation>
    </message>
    <message>
        <source>Order</source>
        <translation>Order</translation>
    </message>
</context>
<context>
    <name>OrdersPanel</name>
    <message>
        <source>Orders</source>
        <translation>Orders</translation>
    </message>
    <message>
        <source>No orders here. Orders appear when a trade is entered, working ones and those that are done.</source>
        <translation>Hier zijn geen orders. Orders verschijnen zodra een trade wordt ingegaan, lopende en afgehandelde.</translation>
    </message>
    <message>
        <source>All</source>
        <translation>Alle</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>Open</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>Gedaan</translation>
    </message>
    <message>
        <source>Cancel order</source>
        <translation>Order annuleren</translation>
    </message>
    <message>
        <source>Cancel the chosen entries that work. Stops, targets and closing orders stay. (Delete)</source>
        <translation>De gekozen werkende instaporders annuleren. Stops, doelen en sluitende orders blijven. (Delete)</translation>
    </message>
    <message>
        <source>Choose working entries to cancel them.</source>
        <translation>Kies werkende instaporders om ze te annuleren.</translation>
    </message>
    <message>
        <source>Resolve order…</source>
        <translation>Order ophelderen…</translation>
    </message>
    <message>
        <source>Say how an UNKNOWN order ended, where the venue&apos;s books do not settle it (NEEDS_OPERATOR)</source>
        <translation>Zeg hoe een order met status UNKNOWN eindigde, als de boeken van de beurs het niet uitwijzen (NEEDS_OPERATOR)</translation>
    </message>
    <message>
        <source>Copy chosen rows</source>
        <translation>Gekozen rijen kopiëren</translation>
    </message>
    <message>
        <source>Cancel {count} order</source>
        <translation>{count} order annuleren</translation>
    </message>
    <message>
        <source>Cancel {count} orders</source>
        <translation>{count} orders annuleren</translation>
    </message>
</context>
<context>
    <name>Panels</name>
    <message>
        <source>Market</source>
        <translation>Markt</translation>
    </message>
    <message>
        <source>Why</source>
        <translation>Waarom</translation>
    </message>
    <message>
        <source>Decisions</source>
        <translation>Beslissingen</translation>
    </message>
    <message>
        <source>Signals</source>
        <translation>Signalen</translation>
    </message>
    <message>
        <source>Threats</source>
        <translation>Dreigingen</translation>
    </message>
    <message>
        <source>Positions</source>
        <translation>Posities</translation>
    </message>
    <message>
        <source>Orders</source>
        <translation>Orders</translation>
    </message>
    <message>
        <source>Execution groups</source>
        <translation>Uitvoeringsgroepen</translation>
    </message>
    <message>
        <source>Trades</source>
        <translation>Trades</translation>
    </message>
    <message>
        <source>Fills</source>
        <translation>Fills</translation>
    </message>
    <message>
        <source>Balances</source>
        <translation>Saldi</translation>
    </message>
    <message>
        <source>Notes</source>
        <translation>Meldingen</translation>
    </message>
    <message>
        <source>Alerts</source>
        <translation>Alarmen</translation>
    </message>
    <message>
        <source>Log</source>
        <translation>Log</translation>
    </message>
    <message>
        <source>Risk</source>
        <translation>Risico</translation>
    </message>
    <message>
        <source>Batches</source>
        <translation>Batches</translation>
    </message>
    <message>
        <source>Performance</source>
        <translation>Prestaties</translation>
    </message>
</context>
<context>
    <name>PendingActs</name>
    <message>
        <source>This stop stays: without it {quantity} {symbol} would be naked. Close the trade instead.</source>
        <translation>Deze stop blijft: zonder hem zou {quantity} {symbol} onbeschermd zijn. Sluit in plaats daarvan de trade.</translation>
    </message>
    <message>
        <source>This target stays: it is the way out of {quantity} {symbol}. Close the trade instead.</source>
        <translation>Dit doel blijft: het is de uitweg uit {quantity} {symbol}. Sluit in plaats daarvan de trade.</translation>
    </message>
    <message>
        <source>This order stays: it closes {quantity} {symbol}.</source>
        <translation>Deze order blijft: hij sluit {quantity} {symbol}.</translation>
    </message>
    <message>
        <source>Pausing…</source>
        <translation>Wordt gepauzeerd…</translation>
    </message>
    <message>
        <source>Pausing, cancelling orders…</source>
        <translation>Wordt gepauzeerd, orders worden geannuleerd…</translation>
    </message>
    <message>
        <source>Resuming…</source>
        <translation>Wordt hervat…</translation>
    </message>
    <message>
        <source>Cancelling: waiting for the venue…</source>
        <translation>Wordt geannuleerd: wachten op de beurs…</translation>
    </message>
</context>
<context>
    <name>Performance</name>
    <message>
        <source>Strategy</source>
        <translation>Strategie</translation>
    </message>
    <message>
        <source>All</source>
        <translation>Alle</translation>
    </message>
    <message>
        <source>Closed</source>
        <translation>Gesloten</translation>
    </message>
    <message>
        <source>Won</source>
        <translation>Gewonnen</translation>
    </message>
    <message>
        <source>Lost</source>
        <translation>Verloren</translation>
    </message>
    <message>
        <source>Hit rate</source>
        <translation>Trefkans</translation>
    </message>
    <message>
        <source>Result</source>
        <translation>Resultaat</translation>
    </message>
    <message>
        <source>Per trade</source>
        <translation>Per transactie</translation>
    </message>
    <message>
        <source>Profit factor</source>
        <translation>Winstfactor</translation>
    </message>
    <message>
        <source>What was won for each unit that was lost</source>
        <translation>Wat er gewonnen is voor elke eenheid die verloren is</translation>
    </message>
    <message>
        <source>Best</source>
        <translation>Beste</translation>
    </message>
    <message>
        <source>Worst</source>
        <translation>Slechtste</translation>
    </message>
    <message>
        <source>Fees</source>
        <translation>Kosten</translation>
    </message>
</context>
<context>
    <name>PerformancePanel</name>
    <message>
        <source>Performance</source>
        <translation>Prestaties</translation>
    </message>
    <message>
        <source>What closed trades came to appears here, for each strategy and all together.</source>
        <translation>Wat gesloten transacties opleverden verschijnt hier, per strategie en alles samen.</translation>
    </message>
    <message>
        <source>Results of closed trades, after fees. What is open counts in the equity alone.</source>
        <translation>Resultaten van gesloten transacties, na kosten. Wat open staat telt alleen in het vermogen.</translation>
    </message>
    <message>
        <source>Pages of the performance panel</source>
        <translation>Bladen van het prestatiepaneel</translation>
    </message>
    <message>
        <source>Trades</source>
        <translation>Transacties</translation>
    </message>
    <message>
        <source>Curve</source>
        <translation>Curve</translation>
    </message>
</context>
<context>
    <name>PointerHold</name>
    <message>
        <source>sorted when you leave</source>
        <translation>gesorteerd zodra je de muis weghaalt</translation>
    </message>
</context>
<context>
    <name>Positions</name>
    <message>
        <source>Strategy</source>
        <translation>Strategie</translation>
    </message>
    <message>
        <source>Symbol</source>
        <translation>Symbool</translation>
    </message>
    <message>
        <source>Side</source>
        <translation>Kant</translation>
    </message>
    <message>
        <source>Quantity</source>
        <translation>Hoeveelheid</translation>
    </message>
    <message>
        <source>Average price</source>
        <translation>Gemiddelde prijs</translation>
    </message>
    <message>
        <source>Mark</source>
        <translation>Marktprijs</translation>
    </message>
    <message>
        <source>Open P&amp;L</source>
        <translation>Open W/V</translation>
    </message>
    <message>
        <source>Realised P&amp;L</source>
        <translation>Gerealiseerde W/V</translation>
    </message>
    <message>
        <source>Fees</source>
        <translation>Kosten</translation>
    </message>
    <message>
        <source>Updated (UTC)</source>
        <translation>Bijgewerkt (UTC)</translation>
    </message>
</context>
<context>
    <name>PositionsPanel</name>
    <message>
        <source>Positions</source>
        <translation>Posities</translation>
    </message>
    <message>
        <source>Nothing is held. Positions appear here after their first fill.</source>
        <translation>Er staat niets open. Posities verschijnen hier na hun eerste fill.</translation>
    </message>
</context>
<context>
    <name>Preferences</name>
    <message>
        <source>Dark</source>
        <translation>Donker</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>Licht</translation>
    </message>
    <message>
        <source>As the desktop has it</source>
        <translation>Zoals het bureaublad</translation>
    </message>
    <message>
        <source>Teal and red</source>
        <translation>Blauwgroen en rood</translation>
    </message>
    <message>
        <source>Blue and orange: for every kind of colour vision</source>
        <translation>Blauw en oranje: voor elk soort kleurenzien</translation>
    </message>
    <message>
        <source>Green and red</source>
        <translation>Groen en rood</translation>
    </message>
    <message>
        <source>Red and green: the custom of East Asia</source>
        <translation>Rood en groen: zoals in Oost-Azië</translation>
    </message>
</context>
<context>
    <name>PreferencesDialog</name>
    <message>
        <source>Preferences</source>
        <translation>Voorkeuren</translation>
    </message>
    <message>
        <source>Pages of the preferences</source>
        <translation>Pagina&apos;s van de voorkeuren</translation>
    </message>
    <message>
        <source>Appearance</source>
        <translation>Uiterlijk</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>Toetsen</translation>
    </message>
</context>
<context>
    <name>ReasonDialog</name>
    <message>
        <source>A reason for the journal, at least three characters</source>
        <translation>Een reden voor het journaal, minstens drie tekens</translation>
    </message>
    <message>
        <source>Reason</source>
        <translation>Reden</translation>
    </message>
</context>
<context>
    <name>Reasoning</name>
    <message>
        <source>Planner</source>
        <translation>Planner</translation>
    </message>
    <message>
        <source>Range</source>
        <translation>Bereik</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>Waarde</translation>
    </message>
    <message>
        <source>Verdict</source>
        <translation>Oordeel</translation>
    </message>
    <message>
        <source>Term</source>
        <translation>Term</translation>
    </message>
    <message>
        <source>any</source>
        <translation>elk</translation>
    </message>
    <message>
        <source>answers</source>
        <translation>antwoordt</translation>
    </message>
    <message>
        <source>answers although it misses: an exit is never left alone</source>
        <translation>antwoordt hoewel het bereik niet klopt: een exit blijft nooit zonder planner</translation>
    </message>
    <message>
        <source>misses its range</source>
        <translation>valt buiten het bereik</translation>
    </message>
    <message>
        <source>matches, but so do others, and the policy forbids that</source>
        <translation>past, maar andere ook, en het beleid verbiedt dat</translation>
    </message>
    <message>
        <source>matches, but {planner} stands before it</source>
        <translation>past, maar {planner} staat ervoor</translation>
    </message>
    <message>
        <source>{low} to {high}</source>
        <translation>{low} tot {high}</translation>
    </message>
    <message>
        <source>not said, does not count</source>
        <translation>niet gezegd, telt niet</translation>
    </message>
    <message>
        <source>inside</source>
        <translation>binnen</translation>
    </message>
    <message>
        <source>outside</source>
        <translation>buiten</translation>
    </message>
    <message>
        <source>In each venue&apos;s terms</source>
        <translation>In de termen van elke handelsplaats</translation>
    </message>
    <message>
        <source>used in this session</source>
        <translation>gebruikt in deze sessie</translation>
    </message>
    <message>
        <source>would be</source>
        <translation>zou zijn</translation>
    </message>
    <message>
        <source>Intent</source>
        <translation>Intentie</translation>
    </message>
</context>
<context>
    <name>ResolveOrderDialog</name>
    <message>
        <source>Cancelled: what was left of it is gone</source>
        <translation>Geannuleerd: wat ervan over was, is weg</translation>
    </message>
    <message>
        <source>Expired: its time ran out</source>
        <translation>Verlopen: de tijd was om</translation>
    </message>
    <message>
        <source>Rejected: it never arrived</source>
        <translation>Afgewezen: hij is nooit aangekomen</translation>
    </message>
    <message>
        <source>Filled: all that was left executed at once</source>
        <translation>Uitgevoerd: alles wat restte ging in één keer</translation>
    </message>
    <message>
        <source>The venue&apos;s id of the execution</source>
        <translation>Het nummer van de uitvoering bij de beurs</translation>
    </message>
    <message>
        <source>Its price, for example 64250.10</source>
        <translation>De prijs ervan, bijvoorbeeld 64250.10</translation>
    </message>
    <message>
        <source>Trade id of the venue</source>
        <translation>Transactienummer van de beurs</translation>
    </message>
    <message>
        <source>Price of the execution</source>
        <translation>Prijs van de uitvoering</translation>
    </message>
    <message>
        <source>What do the venue&apos;s own pages show of {order}? Its books are read again after it: what works there all the same is cancelled, and what executed is booked.</source>
        <translation>Wat tonen de eigen pagina&apos;s van de beurs over {order}? Daarna worden haar boeken opnieuw gelezen: wat daar toch loopt wordt geannuleerd, en wat is uitgevoerd wordt geboekt.</translation>
    </message>
    <message>
        <source>Resolve order</source>
        <translation>Order ophelderen</translation>
    </message>
    <message>
        <source>What became of the order</source>
        <translation>Wat er van de order werd</translation>
    </message>
</context>
<context>
    <name>ResumeTradingDialog</name>
    <message>
        <source>Resume trading</source>
        <translation>Handel hervatten</translation>
    </message>
    <message>
        <source>Strategies may open new trades again. Why is it safe now?</source>
        <translation>Strategieën mogen weer nieuwe trades openen. Waarom is het nu veilig?</translation>
    </message>
</context>
<context>
    <name>Risk</name>
    <message>
        <source>Limit</source>
        <translation>Limiet</translation>
    </message>
    <message>
        <source>Of</source>
        <translation>Van</translation>
    </message>
    <message>
        <source>Account</source>
        <translation>Rekening</translation>
    </message>
    <message>
        <source>Used</source>
        <translation>Gebruikt</translation>
    </message>
    <message>
        <source>each order</source>
        <translation>elke order</translation>
    </message>
    <message>
        <source>May be</source>
        <translation>Mag zijn</translation>
    </message>
    <message>
        <source>no limit</source>
        <translation>geen limiet</translation>
    </message>
    <message>
        <source>Left</source>
        <translation>Over</translation>
    </message>
    <message>
        <source>Part used</source>
        <translation>Deel gebruikt</translation>
    </message>
    <message>
        <source>Time (UTC)</source>
        <translation>Tijd (UTC)</translation>
    </message>
    <message>
        <source>Strategy</source>
        <translation>Strategie</translation>
    </message>
    <message>
        <source>Rule</source>
        <translation>Regel</translation>
    </message>
    <message>
        <source>Why</source>
        <translation>Waarom</translation>
    </message>
    <message>
        <source>reached</source>
        <translation>bereikt</translation>
    </message>
    <message>
        <source>near</source>
        <translation>dichtbij</translation>
    </message>
</context>
<context>
    <name>RiskPanel</name>
    <message>
        <source>Limits</source>
        <translation>Limieten</translation>
    </message>
    <message>
        <source>The limits of the risk guard appear here, with what is used of each.</source>
        <translation>De limieten van de risicobewaking verschijnen hier, met wat er van elk gebruikt is.</translation>
    </message>
    <message>
        <source>Refusals</source>
        <translation>Weigeringen</translation>
    </message>
    <message>
        <source>Nothing was refused yet. What a rule refuses appears here, with the rule and its numbers.</source>
        <translation>Er is nog niets geweigerd. Wat een regel weigert verschijnt hier, met de regel en haar getallen.</translation>
    </message>
    <message>
        <source>All</source>
        <translation>Alle</translation>
    </message>
    <message>
        <source>Choose a refusal to open its flow. Limits are set in `platform.yaml`, under `execution.limits`.</source>
        <translation>Kies een weigering om haar flow te openen. Limieten stel je in `platform.yaml` in, onder `execution.limits`.</translation>
    </message>
    <message>
        <source>Pages of the risk panel</source>
        <translation>Bladen van het risicopaneel</translation>
    </message>
</context>
<context>
    <name>ScopeChooser</name>
    <message>
        <source>Scope</source>
        <translation>Bereik</translation>
    </message>
    <message>
        <source>Everything of this session</source>
        <translation>Alles van deze sessie</translation>
    </message>
    <message>
        <source>Chosen symbols</source>
        <translation>Gekozen symbolen</translation>
    </message>
    <message>
        <source>Chosen strategies</source>
        <translation>Gekozen strategieën</translation>
    </message>
    <message>
        <source>Chosen groups</source>
        <translation>Gekozen groepen</translation>
    </message>
    <message>
        <source>What is covered</source>
        <translation>Wat eronder valt</translation>
    </message>
</context>
<context>
    <name>SessionBar</name>
    <message>
        <source>Time of the market that the session sees</source>
        <translation>De tijd van de markt die de sessie ziet</translation>
    </message>
    <message>
        <source>Start</source>
        <translation>Start</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>Pauze</translation>
    </message>
    <message>
        <source>Step</source>
        <translation>Stap</translation>
    </message>
    <message>
        <source>Speed of the market</source>
        <translation>Snelheid van de markt</translation>
    </message>
    <message>
        <source>How many seconds of the market pass in one second</source>
        <translation>Hoeveel seconden van de markt er in één seconde voorbijgaan</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Stoppen</translation>
    </message>
    <message>
        <source>Resume trading…</source>
        <translation>Handel hervatten…</translation>
    </message>
    <message>
        <source>Flatten all</source>
        <translation>Alles flat zetten</translation>
    </message>
    <message>
        <source>Start anew</source>
        <translation>Opnieuw starten</translation>
    </message>
    <message>
        <source>Continue</source>
        <translation>Doorgaan</translation>
    </message>
    <message>
        <source>Fastest</source>
        <translation>Snelst</translation>
    </message>
    <message>
        <source>Trading</source>
        <translation>Handelt</translation>
    </message>
    <message>
        <source>No new trades</source>
        <translation>Geen nieuwe trades</translation>
    </message>
    <message>
        <source>Halted: reductions pass</source>
        <translation>Stilgelegd: afbouwen mag</translation>
    </message>
    <message>
        <source>Trading mode</source>
        <translation>Handelsmodus</translation>
    </message>
    <message>
        <source>Market data</source>
        <translation>Marktdata</translation>
    </message>
    <message>
        <source>Where the market data comes from</source>
        <translation>Waar de marktdata vandaan komt</translation>
    </message>
    <message>
        <source>Stop new trades, cancel every order and close every position, after a question (Ctrl+Shift+F)</source>
        <translation>Houd nieuwe trades tegen, annuleer elke order en sluit elke positie, na een vraag (Ctrl+Shift+F)</translation>
    </message>
    <message>
        <source>Take no more market data; orders go on working (Space)</source>
        <translation>Neem geen marktdata meer aan; orders blijven lopen (spatie)</translation>
    </message>
    <message>
        <source>Let one bar pass while the market stands still</source>
        <translation>Laat één bar voorbijgaan terwijl de markt stilstaat</translation>
    </message>
    <message>
        <source>End the session; working orders are left as they are</source>
        <translation>Beëindig de sessie; lopende orders blijven zoals ze zijn</translation>
    </message>
    <message>
        <source>Allow new trades again, with a reason for the journal</source>
        <translation>Sta nieuwe trades weer toe, met een reden voor het journaal</translation>
    </message>
</context>
<context>
    <name>SettingField</name>
    <message>
        <source>default: {value}</source>
        <translation>standaard: {value}</translation>
    </message>
    <message>
        <source>none</source>
        <translation>geen</translation>
    </message>
    <message>
        <source>default {value}</source>
        <translation>standaard {value}</translation>
    </message>
</context>
<context>
    <name>Side</name>
    <message>
        <source>Buy</source>
        <translation>Koop</translation>
    </message>
    <message>
        <source>Sell</source>
        <translation>Verkoop</translation>
    </message>
    <message>
        <source>Long</source>
        <translation>Long</translation>
    </message>
    <message>
        <source>Short</source>
        <translation>Short</translation>
    </message>
</context>
<context>
    <name>Signals</name>
    <message>
        <source>Strategy</source>
        <translation>Strategie</translation>
    </message>
    <message>
        <source>Worker</source>
        <translation>Werker</translation>
    </message>
    <message>
        <source>Symbol</source>
        <translation>Symbool</translation>
    </message>
    <message>
        <source>Side</source>
        <translation>Kant</translation>
    </message>
    <message>
        <source>Signal</source>
        <translation>Signaal</translation>
    </message>
    <message>
        <source>Confidence</source>
        <translation>Vertrouwen</translation>
    </message>
    <message>
        <source>Because</source>
        <translation>Omdat</translation>
    </message>
    <message>
        <source>Whole portfolio</source>
        <translation>Hele portefeuille</translation>
    </message>
    <message>
        <source>Threat</source>
        <translation>Dreiging</translation>
    </message>
    <message>
        <source>Severity</source>
        <translation>Ernst</translation>
    </message>
    <message>
        <source>Time (UTC)</source>
        <translation>Tijd (UTC)</translation>
    </message>
    <message>
        <source>Directive</source>
        <translation>Directief</translation>
    </message>
    <message>
        <source>None</source>
        <translation>Geen</translation>
    </message>
    <message>
        <source>Flow ended</source>
        <translation>Flow eindigde</translation>
    </message>
    <message>
        <source>By</source>
        <translation>Door</translation>
    </message>
    <message>
        <source>Reason</source>
        <translation>Reden</translation>
    </message>
    <message>
        <source>Signals</source>
        <translation>Signalen</translation>
    </message>
    <message>
        <source>No signals yet. Every opportunity that a worker sees appears here.</source>
        <translation>Nog geen signalen. Elke kans die een werker ziet verschijnt hier.</translation>
    </message>
    <message>
        <source>Threats</source>
        <translation>Dreigingen</translation>
    </message>
    <message>
        <source>No threats yet. Every danger that a worker warns of appears here.</source>
        <translation>Nog geen dreigingen. Elk gevaar waarvoor een werker waarschuwt verschijnt hier.</translation>
    </message>
</context>
<context>
    <name>States</name>
    <message>
        <source>New</source>
        <translation>Nieuw</translation>
    </message>
    <message>
        <source>Submitted</source>
        <translation>Ingestuurd</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>Open</translation>
    </message>
    <message>
        <source>Partially filled</source>
        <translation>Deels gevuld</translation>
    </message>
    <message>
        <source>Filled</source>
        <translation>Gevuld</translation>
    </message>
    <message>
        <source>Cancel pending</source>
        <translation>Annulering loopt</translation>
    </message>
    <message>
        <source>Cancelled</source>
        <translation>Geannuleerd</translation>
    </message>
    <message>
        <source>Rejected</source>
        <translation>Afgewezen</translation>
    </message>
    <message>
        <source>Expired</source>
        <translation>Verlopen</translation>
    </message>
    <message>
        <source>Unknown</source>
        <translation>Onbekend</translation>
    </message>
    <message>
        <source>Entry</source>
        <translation>Instap</translation>
    </message>
    <message>
        <source>Stop loss</source>
        <translation>Stop-loss</translation>
    </message>
    <message>
        <source>Take profit</source>
        <translation>Winstneming</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Sluiting</translation>
    </message>
    <message>
        <source>Liquidation</source>
        <translation>Liquidatie</translation>
    </message>
    <message>
        <source>Market</source>
        <translation>Markt</translation>
    </message>
    <message>
        <source>Limit</source>
        <translation>Limiet</translation>
    </message>
    <message>
        <source>Stop limit</source>
        <translation>Stop-limiet</translation>
    </message>
    <message>
        <source>Stop market</source>
        <translation>Stop-markt</translation>
    </message>
    <message>
        <source>Maker</source>
        <translation>Maker</translation>
    </message>
    <message>
        <source>Taker</source>
        <translation>Taker</translation>
    </message>
    <message>
        <source>Pending</source>
        <translation>In afwachting</translation>
    </message>
    <message>
        <source>Closed</source>
        <translation>Gesloten</translation>
    </message>
    <message>
        <source>Abandoned</source>
        <translation>Opgegeven</translation>
    </message>
    <message>
        <source>Active</source>
        <translation>Actief</translation>
    </message>
    <message>
        <source>Completed</source>
        <translation>Voltooid</translation>
    </message>
    <message>
        <source>Cancelling</source>
        <translation>Wordt geannuleerd</translation>
    </message>
    <message>
        <source>Failed</source>
        <translation>Mislukt</translation>
    </message>
    <message>
        <source>Single order</source>
        <translation>Enkele order</translation>
    </message>
    <message>
        <source>Implementation shortfall</source>
        <translation>Implementation shortfall</translation>
    </message>
    <message>
        <source>Iceberg</source>
        <translation>Iceberg</translation>
    </message>
    <message>
        <source>Layered</source>
        <translation>Gelaagd</translation>
    </message>
    <message>
        <source>Execute trade</source>
        <translation>Trade uitvoeren</translation>
    </message>
    <message>
        <source>Cancel order</source>
        <translation>Order annuleren</translation>
    </message>
    <message>
        <source>Cancel group</source>
        <translation>Groep annuleren</translation>
    </message>
    <message>
        <source>Modify order</source>
        <translation>Order wijzigen</translation>
    </message>
    <message>
        <source>Close position</source>
        <translation>Positie sluiten</translation>
    </message>
    <message>
        <source>Uniform</source>
        <translation>Gelijkmatig</translation>
    </message>
    <message>
        <source>Front loaded</source>
        <translation>Vooraan zwaarder</translation>
    </message>
    <message>
        <source>Back loaded</source>
        <translation>Achteraan zwaarder</translation>
    </message>
    <message>
        <source>Random</source>
        <translation>Willekeurig</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Annuleren</translation>
    </message>
    <message>
        <source>Verify</source>
        <translation>Controleren</translation>
    </message>
    <message>
        <source>Report</source>
        <translation>Verslag</translation>
    </message>
    <message>
        <source>Closing</source>
        <translation>Wordt gesloten</translation>
    </message>
    <message>
        <source>Waiting</source>
        <translation>Wacht</translation>
    </message>
    <message>
        <source>Flat</source>
        <translation>Flat</translation>
    </message>
    <message>
        <source>Dust</source>
        <translation>Restje</translation>
    </message>
    <message>
        <source>Foreign</source>
        <translation>Vreemd</translation>
    </message>
    <message>
        <source>Working</source>
        <translation>Bezig</translation>
    </message>
    <message>
        <source>Flat with dust</source>
        <translation>Flat op restjes na</translation>
    </message>
    <message>
        <source>Incomplete</source>
        <translation>Onvolledig</translation>
    </message>
    <message>
        <source>Aborted</source>
        <translation>Afgebroken</translation>
    </message>
    <message>
        <source>Executed</source>
        <translation>Uitgevoerd</translation>
    </message>
    <message>
        <source>No opportunity</source>
        <translation>Geen kans</translation>
    </message>
    <message>
        <source>Reducing</source>
        <translation>Afbouwend</translation>
    </message>
    <message>
        <source>Halted</source>
        <translation>Stilgelegd</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>Gedaan</translation>
    </message>
    <message>
        <source>Accepted</source>
        <translation>Aangenomen</translation>
    </message>
    <message>
        <source>Refused</source>
        <translation>Geweigerd</translation>
    </message>
    <message>
        <source>Ready</source>
        <translation>Gereed</translation>
    </message>
    <message>
        <source>Running</source>
        <translation>Loopt</translation>
    </message>
    <message>
        <source>Paused</source>
        <translation>Gepauzeerd</translation>
    </message>
    <message>
        <source>Stopped</source>
        <translation>Gestopt</translation>
    </message>
    <message>
        <source>Pause strategy</source>
        <translation>Strategie pauzeren</translation>
    </message>
    <message>
        <source>Resume strategy</source>
        <translation>Strategie hervatten</translation>
    </message>
    <message>
        <source>Pause group keep orders</source>
        <translation>Groep pauzeren, orders houden</translation>
    </message>
    <message>
        <source>Pause group cancel orders</source>
        <translation>Groep pauzeren, orders annuleren</translation>
    </message>
    <message>
        <source>Resume group</source>
        <translation>Groep hervatten</translation>
    </message>
    <message>
        <source>Close trade</source>
        <translation>Trade sluiten</translation>
    </message>
    <message>
        <source>Cancel all orders</source>
        <translation>Alle orders annuleren</translation>
    </message>
    <message>
        <source>Reduce all</source>
        <translation>Alles afbouwen</translation>
    </message>
    <message>
        <source>Restrict trading</source>
        <translation>Handel beperken</translation>
    </message>
    <message>
        <source>Flatten all</source>
        <translation>Alles flat zetten</translation>
    </message>
    <message>
        <source>Abort flatten</source>
        <translation>Flat zetten afbreken</translation>
    </message>
    <message>
        <source>Clear latch</source>
        <translation>Vergrendeling opheffen</translation>
    </message>
    <message>
        <source>Resolve order</source>
        <translation>Order ophelderen</translation>
    </message>
    <message>
        <source>Tick</source>
        <translation>Tick</translation>
    </message>
    <message>
        <source>Detection</source>
        <translation>Detectie</translation>
    </message>
    <message>
        <source>Strategy</source>
        <translation>Strategie</translation>
    </message>
    <message>
        <source>Planning</source>
        <translation>Planning</translation>
    </message>
    <message>
        <source>Execution</source>
        <translation>Uitvoering</translation>
    </message>
    <message>
        <source>Context</source>
        <translation>Context</translation>
    </message>
    <message>
        <source>Risk</source>
        <translation>Risico</translation>
    </message>
</context>
<context>
    <name>StatusBar</name>
    <message>
        <source>Trading mode</source>
        <translation>Handelsmodus</translation>
    </message>
    <message>
        <source>Trading</source>
        <translation>Handelt</translation>
    </message>
    <message>
        <source>Reduce only</source>
        <translation>Alleen afbouwen</translation>
    </message>
    <message>
        <source>Take no new risk from now on; what reduces goes on. One click.</source>
        <translation>Neem vanaf nu geen nieuw risico; wat afbouwt gaat door. Eén klik.</translation>
    </message>
    <message>
        <source>Halt</source>
        <translation>Stilleggen</translation>
    </message>
    <message>
        <source>Halt trading: no new risk until a person has looked. One click.</source>
        <translation>Leg de handel stil: geen nieuw risico tot iemand heeft gekeken. Eén klik.</translation>
    </message>
    <message>
        <source>Resume…</source>
        <translation>Hervatten…</translation>
    </message>
    <message>
        <source>Allow new risk again: asks for a reason first</source>
        <translation>Sta weer nieuw risico toe: vraagt eerst een reden</translation>
    </message>
    <message>
        <source>Market</source>
        <translation>Markt</translation>
    </message>
    <message>
        <source>Private</source>
        <translation>Privé</translation>
    </message>
    <message>
        <source>Ping</source>
        <translation>Ping</translation>
    </message>
    <message>
        <source>Clock</source>
        <translation>Klok</translation>
    </message>
    <message>
        <source>Requests</source>
        <translation>Verzoeken</translation>
    </message>
    <message>
        <source>Engine</source>
        <translation>Motor</translation>
    </message>
    <message>
        <source>Window</source>
        <translation>Venster</translation>
    </message>
    <message>
        <source>Dead man</source>
        <translation>Dodeman</translation>
    </message>
    <message>
        <source>Alerts that nobody has acknowledged; a click shows them</source>
        <translation>Alarmen die niemand bevestigd heeft; een klik toont ze</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>Tijd</translation>
    </message>
    <message>
        <source>by hand, in the status bar</source>
        <translation>met de hand, in de statusbalk</translation>
    </message>
    <message>
        <source>asked…</source>
        <translation>gevraagd…</translation>
    </message>
    <message>
        <source>Waiting for the session</source>
        <translation>Wacht op de sessie</translation>
    </message>
    <message>
        <source>{shape} Alerts {count}</source>
        <translation>{shape} Alarmen {count}</translation>
    </message>
    <message>
        <source>{utc} UTC, {local} here</source>
        <translation>{utc} UTC, {local} hier</translation>
    </message>
    <message>
        <source>By how much the worst beat of the window was late in the last half second</source>
        <translation>Hoeveel de traagste slag van het venster te laat was in de laatste halve seconde</translation>
    </message>
    <message>
        <source>Since the market last moved the session&apos;s time</source>
        <translation>Sinds de markt de tijd van de sessie voor het laatst verzette</translation>
    </message>
    <message>
        <source>The session does not run</source>
        <translation>De sessie loopt niet</translation>
    </message>
    <message>
        <source>How far the market&apos;s time is behind the wall&apos;s, and how many facts wait to be shown</source>
        <translation>Hoever de tijd van de markt achterloopt op de klok, en hoeveel feiten wachten om te worden getoond</translation>
    </message>
    <message>
        <source>{seconds} s, </source>
        <translation>{seconds} s, </translation>
    </message>
    <message>
        <source>The venue of this session is simulated: it has none</source>
        <translation>De beurs van deze sessie is gesimuleerd: die heeft er geen</translation>
    </message>
    <message>
        <source>The session does not tell this of its venue</source>
        <translation>De sessie meldt dit niet van haar beurs</translation>
    </message>
    <message>
        <source>active</source>
        <translation>actief</translation>
    </message>
    <message>
        <source>reducing</source>
        <translation>afbouwend</translation>
    </message>
    <message>
        <source>halted</source>
        <translation>stilgelegd</translation>
    </message>
    <message>
        <source>Strategies may take new risk</source>
        <translation>Strategieën mogen nieuw risico nemen</translation>
    </message>
    <message>
        <source>Nothing that could raise any position</source>
        <translation>Niets wat een positie kan vergroten</translation>
    </message>
    <message>
        <source>No new risk until a person has looked; reductions pass</source>
        <translation>Geen nieuw risico tot iemand heeft gekeken; afbouwen mag</translation>
    </message>
</context>
<context>
    <name>StrategyCharts</name>
    <message>
        <source>Market chart, {timeframe}</source>
        <translation>Marktgrafiek, {timeframe}</translation>
    </message>
    <message>
        <source>List the columns…</source>
        <translation>Toon de kolommen…</translation>
    </message>
</context>
<context>
    <name>StrategyEditor</name>
    <message>
        <source>Edit strategy</source>
        <translation>Strategie bewerken</translation>
    </message>
    <message>
        <source>Strategy to edit</source>
        <translation>Te bewerken strategie</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>Ongedaan maken</translation>
    </message>
    <message>
        <source>Take the last change back (Ctrl+Z)</source>
        <translation>Neem de laatste wijziging terug (Ctrl+Z)</translation>
    </message>
    <message>
        <source>Redo</source>
        <translation>Opnieuw</translation>
    </message>
    <message>
        <source>Make it again (Ctrl+Shift+Z)</source>
        <translation>Breng haar weer aan (Ctrl+Shift+Z)</translation>
    </message>
    <message>
        <source>Save…</source>
        <translation>Opslaan…</translation>
    </message>
    <message>
        <source>Look at what would change in the files, then save (Ctrl+S)</source>
        <translation>Bekijk wat er in de bestanden zou veranderen, en sla dan op (Ctrl+S)</translation>
    </message>
    <message>
        <source>Parts of the strategy</source>
        <translation>Onderdelen van de strategie</translation>
    </message>
    <message>
        <source>What is wrong</source>
        <translation>Wat er mis is</translation>
    </message>
    <message>
        <source>Not saved: {why}</source>
        <translation>Niet opgeslagen: {why}</translation>
    </message>
    <message>
        <source>Saved. It holds when the session starts anew.</source>
        <translation>Opgeslagen. Het geldt zodra de sessie opnieuw begint.</translation>
    </message>
    <message>
        <source>Which planner answers at which confidence</source>
        <translation>Welke planner bij welk vertrouwen antwoordt</translation>
    </message>
    <message>
        <source>This session has no strategy with a file of its own.</source>
        <translation>Deze sessie heeft geen strategie met een eigen bestand.</translation>
    </message>
    <message>
        <source>Reading {file}…</source>
        <translation>{file} wordt gelezen…</translation>
    </message>
    <message>
        <source>Nothing can be set here.</source>
        <translation>Hier is niets in te stellen.</translation>
    </message>
    <message>
        <source>{file} comes with the program and is not changed here. `s1mpletrader operation copy NAME MINE` makes an operation yours; a policy is yours when it lies beside your strategy.</source>
        <translation>{file} hoort bij het programma en wordt hier niet gewijzigd. `s1mpletrader operation copy NAAM MIJN` maakt een operatie van jou; een policy is van jou als zij naast je strategie staat.</translation>
    </message>
    <message>
        <source>Changes cannot be kept before they are saved: {why}</source>
        <translation>Wijzigingen kunnen niet bewaard worden voordat ze opgeslagen zijn: {why}</translation>
    </message>
    <message>
        <source>There are directives that no planner answers: they are given up.</source>
        <translation>Er zijn opdrachten waarop geen planner antwoordt: die worden opgegeven.</translation>
    </message>
    <message>
        <source>A session would start with this.</source>
        <translation>Een sessie zou hiermee beginnen.</translation>
    </message>
    <message>
        <source>Not saved: {files}</source>
        <translation>Niet opgeslagen: {files}</translation>
    </message>
</context>
<context>
    <name>TableTools</name>
    <message>
        <source>Filter</source>
        <translation>Filter</translation>
    </message>
    <message>
        <source>Filter {list}</source>
        <translation>{list} filteren</translation>
    </message>
    <message>
        <source>Show only rows in which all these words stand</source>
        <translation>Toon alleen rijen waarin al deze woorden staan</translation>
    </message>
    <message>
        <source>Which rows of {list}</source>
        <translation>Welke rijen van {list}</translation>
    </message>
    <message>
        <source>Columns, copy, export</source>
        <translation>Kolommen, kopiëren, exporteren</translation>
    </message>
    <message>
        <source>Columns, copy and export of {list}</source>
        <translation>Kolommen, kopiëren en exporteren van {list}</translation>
    </message>
    <message>
        <source>Columns</source>
        <translation>Kolommen</translation>
    </message>
    <message>
        <source>Copy chosen rows</source>
        <translation>Gekozen rijen kopiëren</translation>
    </message>
    <message>
        <source>Export as CSV…</source>
        <translation>Exporteren als CSV…</translation>
    </message>
    <message>
        <source>Export as Parquet…</source>
        <translation>Exporteren als Parquet…</translation>
    </message>
    <message>
        <source>Export as CSV</source>
        <translation>Exporteren als CSV</translation>
    </message>
    <message>
        <source>Export as Parquet</source>
        <translation>Exporteren als Parquet</translation>
    </message>
    <message>
        <source>{file} was not written: {fault}. Choose another folder, or free some space.</source>
        <translation>{file} is niet geschreven: {fault}. Kies een andere map of maak ruimte vrij.</translation>
    </message>
    <message>
        <source>{file} is written.</source>
        <translation>{file} is geschreven.</translation>
    </message>
    <message>
        <source>{shown} of {all}</source>
        <translation>{shown} van {all}</translation>
    </message>
</context>
<context>
    <name>Tour</name>
    <message>
        <source>no keys</source>
        <translation>geen toetsen</translation>
    </message>
    <message>
        <source>This session trades on paper: no order reaches a venue, no money moves.</source>
        <translation>Deze sessie handelt op papier: geen order bereikt een beurs, er beweegt geen geld.</translation>
    </message>
    <message>
        <source>This session plays a recorded market: no order reaches a venue, no money moves.</source>
        <translation>Deze sessie speelt een opgenomen markt af: geen order bereikt een beurs, er beweegt geen geld.</translation>
    </message>
    <message>
        <source>This session runs on past bars: no order reaches a venue, no money moves.</source>
        <translation>Deze sessie loopt over bars uit het verleden: geen order bereikt een beurs, er beweegt geen geld.</translation>
    </message>
    <message>
        <source>This session trades with REAL MONEY. Nothing begins before you arm it.</source>
        <translation>Deze sessie handelt met ECHT GELD. Er begint niets voordat je haar op scherp zet.</translation>
    </message>
    <message>
        <source>The badge, the frame around the window and every question say {mode} all the time.</source>
        <translation>Het kenteken, het kader om het venster en elke vraag zeggen steeds {mode}.</translation>
    </message>
    <message>
        <source>What you trade with</source>
        <translation>Waarmee je handelt</translation>
    </message>
    <message>
        <source>The market, as the strategy sees it</source>
        <translation>De markt, zoals de strategie die ziet</translation>
    </message>
    <message>
        <source>Candles, everything that the strategy&apos;s workers computed, its plans and its fills. Drag or use the arrow keys to move, the wheel to zoom. Click a bar or a mark: the decision behind it opens.</source>
        <translation>Candles, alles wat de workers van de strategie berekenden, haar plannen en haar fills. Sleep of gebruik de pijltjes om te schuiven, het wiel om te zoomen. Klik op een bar of een teken: de beslissing erachter gaat open.</translation>
    </message>
    <message>
        <source>Why it traded, and why not</source>
        <translation>Waarom er gehandeld werd, en waarom niet</translation>
    </message>
    <message>
        <source>Every decision is a row with its outcome. Choose one: the panel Why shows the chain from the bar to the order, or the rule that said no and the number that it missed.</source>
        <translation>Elke beslissing is een rij met haar uitkomst. Kies er een: het paneel Waarom toont de keten van de bar tot de order, of de regel die nee zei en het getal dat tekortschoot.</translation>
    </message>
    <message>
        <source>Orders, groups and positions</source>
        <translation>Orders, groepen en posities</translation>
    </message>
    <message>
        <source>Lists can be filtered, sorted and exported, and rows never move below the pointer. Cancel orders and groups here ({orders}, {groups}); what is asked shows as pending until the venue has confirmed it.</source>
        <translation>Lijsten kun je filteren, sorteren en exporteren, en rijen bewegen nooit onder de aanwijzer. Annuleer hier orders en groepen ({orders}, {groups}); wat gevraagd is, staat als wachtend tot de beurs het bevestigd heeft.</translation>
    </message>
    <message>
        <source>Get out</source>
        <translation>Eruit</translation>
    </message>
    <message>
        <source>Flatten all cancels every order and closes every position, and does not rest until the venue&apos;s books prove it. {panic} twice within three seconds does the same from anywhere; {emergency} opens the emergency window, also over a dialog.</source>
        <translation>Alles flat zetten annuleert elke order en sluit elke positie, en rust niet tot de boeken van de beurs het bewijzen. {panic} tweemaal binnen drie seconden doet hetzelfde, waar je ook bent; {emergency} opent het noodvenster, ook boven een vraag.</translation>
    </message>
    <message>
        <source>Is all well?</source>
        <translation>Is alles goed?</translation>
    </message>
    <message>
        <source>Lamps tell by shape and colour: ● good, ▲ look, ■ act, ○ not known. One click reduces or halts trading. Alerts stay until you acknowledge them ({alerts}).</source>
        <translation>Lampjes spreken door vorm en kleur: ● goed, ▲ kijk, ■ doe iets, ○ niet bekend. Eén klik beperkt of stopt de handel. Alarmen blijven tot je ze bevestigt ({alerts}).</translation>
    </message>
    <message>
        <source>Everything else by a few letters</source>
        <translation>Al het andere met een paar letters</translation>
    </message>
    <message>
        <source>{commands} finds every action, panel and strategy; {keys} lists all keys, and Preferences changes them, the colours, the size and the language. Panels can be dragged; {workspace} and its neighbours change the workspace. This tour is in the menu Help.</source>
        <translation>{commands} vindt elke actie, elk paneel en elke strategie; {keys} toont alle toetsen, en Voorkeuren verandert ze, net als de kleuren, de grootte en de taal. Panelen kun je slepen; {workspace} en zijn buren wisselen van werkruimte. Deze rondleiding staat in het menu Help.</translation>
    </message>
</context>
<context>
    <name>TourCard</name>
    <message>
        <source>Tour</source>
        <translation>Rondleiding</translation>
    </message>
    <message>
        <source>Skip</source>
        <translation>Overslaan</translation>
    </message>
    <message>
        <source>End the tour; it is in the menu Help (Escape)</source>
        <translation>Beëindig de rondleiding; ze staat in het menu Help (Escape)</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>Terug</translation>
    </message>
    <message>
        <source>{number} of {count}</source>
        <translation>{number} van {count}</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>Klaar</translation>
    </message>
    <message>
        <source>Next</source>
        <translation>Verder</translation>
    </message>
</context>
<context>
    <name>Trades</name>
    <message>
        <source>Opened (UTC)</source>
        <translation>Geopend (UTC)</translation>
    </message>
    <message>
        <source>Status</source>
        <translation>Status</translation>
    </message>
    <message>
        <source>Symbol</source>
        <translation>Symbool</translation>
    </message>
    <message>
        <source>Side</source>
        <translation>Kant</translation>
    </message>
    <message>
        <source>Quantity</source>
        <translation>Hoeveelheid</translation>
    </message>
    <message>
        <source>Entry</source>
        <translation>Instap</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Stop</translation>
    </message>
    <message>
        <source>Target</source>
        <translation>Doel</translation>
    </message>
    <message>
        <source>Result</source>
        <translation>Resultaat</translation>
    </message>
    <message>
        <source>Exit</source>
        <translation>Uitstap</translation>
    </message>
    <message>
        <source>Strategy</source>
        <translation>Strategie</translation>
    </message>
    <message>
        <source>Trade</source>
        <translation>Trade</translation>
    </message>
</context>
<context>
    <name>TradesPanel</name>
    <message>
        <source>Trades</source>
        <translation>Trades</translation>
    </message>
    <message>
        <source>No trades yet. A trade appears here when a strategy decides on one.</source>
        <translation>Nog geen trades. Een trade verschijnt hier zodra een strategie ertoe besluit.</translation>
    </message>
    <message>
        <source>All</source>
        <translation>Alle</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>Open</translation>
    </message>
    <message>
        <source>Closed</source>
        <translation>Gesloten</translation>
    </message>
    <message>
        <source>Close trade…</source>
        <translation>Trade sluiten…</translation>
    </message>
    <message>
        <source>Choose an open trade to close it at market.</source>
        <translation>Kies een open trade om die tegen marktprijs te sluiten.</translation>
    </message>
    <message>
        <source>Close the trade of {quantity} {symbol}?</source>
        <translation>De trade van {quantity} {symbol} sluiten?</translation>
    </message>
    <message>
        <source>Its working orders are cancelled, and what is held of it is closed at market.</source>
        <translation>De lopende orders ervan worden geannuleerd, en wat ervan openstaat wordt tegen marktprijs gesloten.</translation>
    </message>
    <message>
        <source>Close trade</source>
        <translation>Trade sluiten</translation>
    </message>
</context>
<context>
    <name>WhatIf</name>
    <message>
        <source>No process could be started: {reason}</source>
        <translation>Er kon geen proces worden gestart: {reason}</translation>
    </message>
    <message>
        <source>When</source>
        <translation>Wanneer</translation>
    </message>
    <message>
        <source>Was</source>
        <translation>Was</translation>
    </message>
    <message>
        <source>Would be</source>
        <translation>Zou zijn</translation>
    </message>
    <message>
        <source>{count} new</source>
        <translation>{count} nieuw</translation>
    </message>
    <message>
        <source>{count} gone</source>
        <translation>{count} weg</translation>
    </message>
    <message>
        <source>{count} with another outcome</source>
        <translation>{count} met een andere uitkomst</translation>
    </message>
    <message>
        <source>{count} with other values</source>
        <translation>{count} met andere waarden</translation>
    </message>
    <message>
        <source>Decisions: {changes}</source>
        <translation>Beslissingen: {changes}</translation>
    </message>
    <message>
        <source>all as they were</source>
        <translation>alle zoals ze waren</translation>
    </message>
    <message>
        <source>Trades: {before}, would be {after}</source>
        <translation>Trades: {before}, zouden {after} zijn</translation>
    </message>
    <message>
        <source>Equity: {before}, would be {after}</source>
        <translation>Vermogen: {before}, zou {after} zijn</translation>
    </message>
    <message>
        <source>The first {count} are listed.</source>
        <translation>De eerste {count} staan in de lijst.</translation>
    </message>
    <message>
        <source>The plugins or the program have changed since: even without that it is not as recorded.</source>
        <translation>De plug-ins of het programma zijn sindsdien veranderd: ook zonder dit is het niet zoals opgenomen.</translation>
    </message>
    <message>
        <source>This decision would be the same.</source>
        <translation>Deze beslissing zou dezelfde zijn.</translation>
    </message>
    <message>
        <source>This decision would be: {outcome}</source>
        <translation>Deze beslissing zou zijn: {outcome}</translation>
    </message>
    <message>
        <source>Nothing was decided</source>
        <translation>Niets beslist</translation>
    </message>
</context>
<context>
    <name>WhatIfPage</name>
    <message>
        <source>Setting that would be otherwise</source>
        <translation>Instelling die anders zou zijn</translation>
    </message>
    <message>
        <source>worker.setting</source>
        <translation>worker.instelling</translation>
    </message>
    <message>
        <source>Value that it would have</source>
        <translation>Waarde die zij zou hebben</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>Waarde</translation>
    </message>
    <message>
        <source>Decisions that would differ</source>
        <translation>Beslissingen die anders zouden zijn</translation>
    </message>
    <message>
        <source>Which decisions of this session would have come out otherwise appears here.</source>
        <translation>Hier verschijnt welke beslissingen van deze sessie anders zouden zijn uitgevallen.</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Stoppen</translation>
    </message>
    <message>
        <source>What if</source>
        <translation>Wat als</translation>
    </message>
    <message>
        <source>Play the session of this journal with this value, beside the engine</source>
        <translation>Speel de sessie van dit journaal met deze waarde, naast de engine</translation>
    </message>
    <message>
        <source>It is {value} in this session</source>
        <translation>In deze sessie is zij {value}</translation>
    </message>
    <message>
        <source>Stopped.</source>
        <translation>Gestopt.</translation>
    </message>
    <message>
        <source>This session keeps no journal that could be played.</source>
        <translation>Deze sessie houdt geen journaal bij dat gespeeld kan worden.</translation>
    </message>
    <message>
        <source>The session is played again, as it was and with {setting}…</source>
        <translation>De sessie wordt opnieuw gespeeld, zoals zij was en met {setting}…</translation>
    </message>
</context>
<context>
    <name>Workspaces</name>
    <message>
        <source>Research</source>
        <translation>Onderzoek</translation>
    </message>
    <message>
        <source>Paper</source>
        <translation>Paper</translation>
    </message>
    <message>
        <source>Live desk</source>
        <translation>Live desk</translation>
    </message>
    <message>
        <source>Incident</source>
        <translation>Incident</translation>
    </message>
    <message>
        <source>How the workspace {name} was left cannot be read: it is laid out as usual.</source>
        <translation>Hoe de werkruimte {name} is achtergelaten, is niet te lezen: ze krijgt de gewone indeling.</translation>
    </message>
</context>
<context>
    <name>Workstation</name>
    <message>
        <source>The log is not written to disk: {folder} cannot be made ({reason}).</source>
        <translation>Het log wordt niet naar schijf geschreven: {folder} kan niet gemaakt worden ({reason}).</translation>
    </message>
    <message>
        <source>Something went wrong</source>
        <translation>Er ging iets mis</translation>
    </message>
    <message>
        <source>Nothing was started.</source>
        <translation>Er is niets gestart.</translation>
    </message>
    <message>
        <source>The session cannot be opened</source>
        <translation>De sessie kan niet worden geopend</translation>
    </message>
    <message>
        <source>Real money: nothing begins by itself. Press Start when you are ready.</source>
        <translation>Echt geld: niets begint vanzelf. Druk op Start als je klaar bent.</translation>
    </message>
    <message>
        <source>Window</source>
        <translation>Venster</translation>
    </message>
    <message>
        <source>Opening the session…</source>
        <translation>De sessie wordt geopend…</translation>
    </message>
</context>
</TS>
