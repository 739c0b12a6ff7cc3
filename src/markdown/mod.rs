//! Markdown text to blocks. Pure: no DOM, no HTML. Imports nothing of ours.
