"""The phone line: Twilio asks, it answers in TwiML."""
