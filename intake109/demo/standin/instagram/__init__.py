"""The Instagram of the demo city: the Graph API, its webhooks, and the web that instaloader reads.

Source: https://developers.facebook.com/documentation/instagram-platform (IG User tags, mentioned_media,
mentioned_comment, mentions, comment moderation, messaging, private replies, webhooks; 2026).
"""
