; Read by engine/code/parse/readMatches.ts. Of patterns that name the same symbol the first counts.
; What is common to JavaScript and TypeScript.

(function_declaration name: (_) @name body: (_) @body) @symbol.function
(generator_function_declaration name: (_) @name body: (_) @body) @symbol.function
(class_declaration name: (_) @name body: (_) @body) @symbol.class
(method_definition name: (_) @name body: (_) @body) @symbol.method

; const f = () => {}, const C = class {}
(variable_declarator
  name: (identifier) @name
  value: [
    (arrow_function body: (_) @body)
    (function_expression body: (_) @body)
    (generator_function body: (_) @body)
  ]) @symbol.function
(variable_declarator name: (identifier) @name value: (class body: (_) @body)) @symbol.class

; { f: () => {} }
(pair
  key: (property_identifier) @name
  value: [(arrow_function body: (_) @body) (function_expression body: (_) @body)]) @symbol.method

; Constants and variables that are exported; those of the file are in root.scm.
(export_statement
  declaration: (lexical_declaration
    kind: "const"
    (variable_declarator name: (identifier) @name value: (object) @body) @symbol.constant))
(export_statement
  declaration: (lexical_declaration kind: "const" (variable_declarator name: (identifier) @name) @symbol.constant))
(export_statement
  declaration: (lexical_declaration kind: "let" (variable_declarator name: (identifier) @name) @symbol.variable))

; export default () => {}, export default { … }
(export_statement
  "default" @name
  value: [(arrow_function body: (_) @body) (function_expression body: (_) @body)]) @symbol.function
(export_statement "default" @name value: (class body: (_) @body)) @symbol.class
(export_statement "default" @name value: (object) @body) @symbol.constant

(export_statement declaration: (lexical_declaration) @outer)
(export_statement decorator: (_)) @decorated
(export_statement declaration: (_)) @exported

(export_statement !source (export_clause (export_specifier name: (_) @export.name)))
(export_statement "default" value: (identifier) @export.name)

; describe("…", () => {}), it("…"), test.each(…)("…")
(call_expression
  function: [
    (identifier) @_test
    (member_expression object: (identifier) @_test)
    (call_expression function: (member_expression object: (identifier) @_test))
  ]
  arguments: (arguments . [(string (string_fragment) @name) (template_string (string_fragment) @name)] . [(arrow_function) (function_expression)])
  (#any-of? @_test "describe" "it" "test" "suite" "specify" "context" "bench")) @symbol.test
