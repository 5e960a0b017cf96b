"""Citizens' files: checked, stored under the hash of their content, shown as thumbnails."""
