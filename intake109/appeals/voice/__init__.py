"""The citizen's word: asked, heard, called for, and told what changes."""
