; A component is used by its name; elements of HTML are written small.
((jsx_opening_element name: (identifier) @call) (#match? @call "^[A-Z]"))
((jsx_self_closing_element name: (identifier) @call) (#match? @call "^[A-Z]"))
(jsx_opening_element name: (member_expression object: (_) @receiver property: (_) @call))
(jsx_self_closing_element name: (member_expression object: (_) @receiver property: (_) @call))

((jsx_self_closing_element
  name: (identifier) @_route
  attribute: (jsx_attribute (property_identifier) @_path (string) @route.path)) @route
  (#eq? @_route "Route")
  (#eq? @_path "path")
  (#set! method "GET"))
