//! Loads and validates settings, catalogue, crosswalk and rubric, and carries the built-in ones
