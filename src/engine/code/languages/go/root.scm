;; of the root
(source_file (const_declaration (const_spec name: (identifier) @name) @symbol.constant))
(source_file (var_declaration (var_spec name: (identifier) @name) @symbol.variable))
(source_file (var_declaration (var_spec_list (var_spec name: (identifier) @name) @symbol.variable)))

; const A = 1: the keyword belongs to what it declares, unless it is that of a list.
((source_file (const_declaration) @outer) (#not-match? @outer "^const\\s*\\("))
((source_file (var_declaration) @outer) (#not-match? @outer "^var\\s*\\("))
