(call_expression function: (identifier) @call)
(call_expression function: (field_expression value: (_) @receiver field: (_) @call))
(call_expression function: (scoped_identifier path: (_)? @receiver name: (_) @call))
(call_expression
  function: (generic_function
    function: [
      (identifier) @call
      (field_expression value: (_) @receiver field: (_) @call)
      (scoped_identifier path: (_) @receiver name: (_) @call)
    ]))
(struct_expression name: [(type_identifier) @call (scoped_type_identifier path: (_) @receiver name: (_) @call)])
(macro_invocation macro: [(identifier) @call (scoped_identifier path: (_) @receiver name: (_) @call)])
; What a macro is given is not parsed: a name with brackets right behind it is a call.
(token_tree (identifier) @call . (token_tree) @arguments)

; What several patterns say of one import is put together.
(use_declaration argument: (scoped_identifier path: (_) @module name: (_) @imported)) @import
(use_declaration argument: (identifier) @module) @import
(use_declaration argument: (use_wildcard (_) @module) @wildcard) @import
(use_declaration argument: (use_as_clause path: (scoped_identifier path: (_) @module name: (_) @imported) alias: (_) @alias)) @import
(use_declaration argument: (use_as_clause path: (identifier) @module alias: (_) @namespace)) @import
(use_declaration argument: (scoped_use_list path: (_) @module list: (use_list) @_list)) @import
(use_declaration
  argument: (scoped_use_list
    path: (_) @module
    list: (use_list
      [
        (identifier) @imported
        (self) @imported
        (scoped_identifier) @imported
        (use_wildcard) @wildcard
        (scoped_use_list) @imported
        (use_as_clause path: (_) @imported alias: (_) @alias)
      ]))) @import
(extern_crate_declaration name: (_) @module) @import
(mod_item name: (_) @module !body) @import

(impl_item
  trait: [
    (type_identifier) @base
    (scoped_type_identifier name: (_) @base)
    (generic_type type: [(type_identifier) @base (scoped_type_identifier name: (_) @base)])
  ]
  type: [
    (type_identifier) @derived
    (generic_type type: [(type_identifier) @derived (scoped_type_identifier name: (_) @derived)])
    (scoped_type_identifier name: (_) @derived)
    (reference_type type: (type_identifier) @derived)
  ])
(trait_item
  bounds: (trait_bounds
    [
      (type_identifier) @base
      (scoped_type_identifier name: (_) @base)
      (generic_type type: (type_identifier) @base)
    ]))

; axum: .route("/items", get(list).post(create))
((call_expression
  function: (field_expression field: (_) @_route)
  arguments: (arguments
    .
    (string_literal) @route.path
    [
      (call_expression function: (identifier) @route.method @route arguments: (arguments . (_) @route.handler))
      (call_expression function: (field_expression field: (_) @route.method @route) arguments: (arguments . (_) @route.handler))
      (call_expression
        function: (field_expression
          value: (call_expression
            function: (identifier) @route.method @route
            arguments: (arguments . (_) @route.handler))))
      (call_expression function: (scoped_identifier name: (_) @route.method @route) arguments: (arguments . (_) @route.handler))
    ]))
  (#eq? @_route "route")
  (#any-of? @route.method "get" "post" "put" "patch" "delete" "head" "options" "any"))
; actix, rocket: #[get("/items")]
((attribute_item
  (attribute (identifier) @route.method arguments: (token_tree . (string_literal) @route.path))) @route
  (#any-of? @route.method "get" "post" "put" "patch" "delete" "head" "options")
  (#set! of "next"))

; env::var("NAME"), env!("NAME")
((call_expression
  function: (scoped_identifier path: (_) @_env name: (_) @_var)
  arguments: (arguments . (string_literal (string_content) @key))) @config
  (#match? @_env "(?:^|::)env$")
  (#any-of? @_var "var" "var_os"))
((macro_invocation macro: (identifier) @_env (token_tree . (string_literal (string_content) @key))) @config
  (#any-of? @_env "env" "option_env"))
