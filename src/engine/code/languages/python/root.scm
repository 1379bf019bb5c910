;; of the root
; Of patterns that name the same symbol the first counts.

; Constants are written in capitals.
((module (expression_statement (assignment left: (identifier) @name) @symbol.constant)) (#match? @name "^_*[A-Z][A-Z0-9_]*$"))
(module (expression_statement (assignment left: (identifier) @name) @symbol.variable))
(module (type_alias_statement left: (type (_) @name)) @symbol.type)

; __all__ = ["a", "b"]
((module (expression_statement (assignment left: (identifier) @_all right: [(list (string (string_content) @export.name)) (tuple (string (string_content) @export.name))])))
  (#eq? @_all "__all__"))
