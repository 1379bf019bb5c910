; Of patterns that name the same symbol the first counts. What is common to C and C++.

(function_definition
  declarator: [
    (function_declarator declarator: (identifier) @name)
    (pointer_declarator declarator: (function_declarator declarator: (identifier) @name))
    (pointer_declarator declarator: (pointer_declarator declarator: (function_declarator declarator: (identifier) @name)))
  ]
  body: (_) @body) @symbol.function

; What is declared here and defined elsewhere.
(declaration
  declarator: [
    (function_declarator declarator: (identifier) @name)
    (pointer_declarator declarator: (function_declarator declarator: (identifier) @name))
    (pointer_declarator declarator: (pointer_declarator declarator: (function_declarator declarator: (identifier) @name)))
    (function_declarator
      declarator: (parenthesized_declarator (pointer_declarator declarator: (function_declarator declarator: (identifier) @name))))
  ]
  (#set! global "")) @symbol.function

(struct_specifier name: (_) @name body: (_) @body) @symbol.class
(union_specifier name: (_) @name body: (_) @body) @symbol.class
(enum_specifier name: (_) @name body: (_) @body) @symbol.enum
(enumerator name: (_) @name) @symbol.constant

(type_definition type: [(struct_specifier !name body: (_) @body) (union_specifier !name body: (_) @body)] declarator: (type_identifier) @name) @symbol.class
(type_definition type: (enum_specifier !name body: (_) @body) declarator: (type_identifier) @name) @symbol.enum
; typedef struct node {…} node_t; names two things.
(type_definition
  type: [(struct_specifier name: (_) body: (_)) (union_specifier name: (_) body: (_)) (enum_specifier name: (_) body: (_))]
  declarator: (type_identifier) @name @symbol.type)
(type_definition
  declarator: [
    (type_identifier) @name
    (pointer_declarator declarator: (type_identifier) @name)
    (array_declarator declarator: (type_identifier) @name)
    (function_declarator declarator: (parenthesized_declarator (pointer_declarator declarator: (type_identifier) @name)))
  ]) @symbol.type

(field_declaration
  declarator: [
    (field_identifier) @name
    (pointer_declarator declarator: (field_identifier) @name)
    (array_declarator declarator: (field_identifier) @name)
    (function_declarator declarator: (parenthesized_declarator (pointer_declarator declarator: (field_identifier) @name)))
  ]) @symbol.field

(preproc_function_def name: (_) @name value: (_) @body) @symbol.function
(preproc_def name: (_) @name value: (_)) @symbol.constant

((declaration
  (type_qualifier) @_const
  declarator: (init_declarator
    declarator: [
      (identifier) @name
      (pointer_declarator declarator: [(identifier) @name (array_declarator declarator: (identifier) @name)])
      (array_declarator declarator: (identifier) @name)
    ])) @symbol.constant
  (#any-of? @_const "const" "constexpr")
  (#set! global ""))
(declaration
  declarator: [
    (identifier) @name
    (pointer_declarator declarator: (identifier) @name)
    (array_declarator declarator: (identifier) @name)
    (init_declarator
      declarator: [
        (identifier) @name
        (pointer_declarator declarator: [(identifier) @name (array_declarator declarator: (identifier) @name)])
        (array_declarator declarator: (identifier) @name)
      ])
  ]
  (#set! global "")) @symbol.variable
