"""What WhatsApp and Instagram have in common: the Graph API's errors and fields, and signed webhooks."""
