"""Words from which the generator makes records that read like records."""

from __future__ import annotations

WHAT = (
    "sends no billing alert",
    "loses the time of the last synchronisation",
    "answers the read of the profile log with an empty list",
    "keeps the earlier tariff table active",
    "shows a balance of nil on the display",
    "reports the supply as armed although it is enabled",
    "leaves the home area network",
    "repeats the same alert each half hour",
    "takes the firmware image and does not activate it",
    "rejects a top-up token that was not used before",
    "writes a gap of several hours into the consumption log",
    "stops answering Service Requests until its supply is interrupted",
    "opens the auxiliary load control switch outside its calendar",
    "counts export as import in the half-hourly log",
    "joins the network twice under different addresses",
    "closes the tunnel before the transfer ends",
)
WHEN = (
    "after the Communications Hub takes a new firmware version",
    "after a change of supplier",
    "when the clocks change",
    "after an interruption of supply of more than three minutes",
    "when the gas meter has been out of range for a day",
    "after the first month in prepayment mode",
    "when a schedule and a read on demand fall into one minute",
    "at the end of the billing period",
    "after the security credentials are replaced",
    "when the display is moved to another room",
    "after a second display joins",
    "during the first night after installation",
)
DETAIL = (
    "The log of the Hub shows the request and no answer to it.",
    "A read on demand some hours later is answered as usual.",
    "Switching the display off and on makes no difference.",
    "It was not seen with the firmware version before.",
    "Of the premises seen, about half show it within a week.",
    "The event log holds one entry for each occurrence.",
    "A second meter of the same model at the same site does not show it.",
    "It ends by itself after a day, and comes back with the next occasion.",
    "The alert carries the time at which it was sent, not that of the event.",
    "Radio conditions were good at each of the premises looked at.",
    "The engineer found the same behaviour on a bench with a test network.",
    "The interval between two occurrences grows with the number of Devices in the network.",
)
CAUSE = (
    "A timer is started twice when both messages arrive within one second.",
    "The counter of the log is kept in sixteen bits and starts again from nil.",
    "The buffer for outgoing messages is not emptied when the link is renewed.",
    "The order in which two tables are read differs between the two versions.",
)
FIX = (
    "Update the meter; the behaviour was not seen again in the weeks after.",
    "Update the Hub and let the Devices join again.",
    "Send the calendar once more after the update, then read it back.",
)
REPLY = (
    "We have the report and look into it with the logs that were offered.",
    "The behaviour is known to us and is ended in the version named.",
    "We could not bring it about with the combination described.",
)
REGIONS = ("North", "Central", "South", "4G North", "4G South")
ALERTS = ("8F0A", "8F0C", "8F12", "8F1D", "8F35", "81A0", "8F49", "8183", "8F72", "N13", "N10")
REQUESTS = ("4.1.1", "6.2.1", "8.4", "8.11", "11.3", "1.1.1", "2.2")
