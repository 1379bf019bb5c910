;; of the root
; Constants and variables of the file, not those of a function.
(program (lexical_declaration kind: "const" (variable_declarator name: (identifier) @name value: (object) @body) @symbol.constant))
(program (lexical_declaration kind: "const" (variable_declarator name: (identifier) @name) @symbol.constant))
(program (lexical_declaration kind: "let" (variable_declarator name: (identifier) @name) @symbol.variable))
(program (variable_declaration (variable_declarator name: (identifier) @name) @symbol.variable))
(program [(lexical_declaration) (variable_declaration)] @outer)
