"""What people look at: text for terminals and markup for pages. It knows shapes, not scores."""
