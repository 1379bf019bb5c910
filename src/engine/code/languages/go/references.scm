(call_expression function: (identifier) @call)
(call_expression function: (selector_expression operand: (_) @receiver field: (_) @call))
; New[int](…) looks like a conversion.
(type_conversion_expression
  type: (generic_type type: [(type_identifier) @call (qualified_type package: (_) @receiver name: (_) @call)]))
; Store{…} makes one.
(composite_literal type: (type_identifier) @call)
(composite_literal type: (generic_type type: (type_identifier) @call))
(composite_literal type: (qualified_type package: (_) @receiver name: (_) @call))

(import_spec name: (package_identifier) @namespace path: (_) @module) @import
(import_spec name: (dot) @wildcard path: (_) @module) @import
(import_spec path: (_) @module) @import

; What a struct or an interface embeds.
(field_declaration
  !name
  type: [
    (type_identifier) @base
    (qualified_type name: (_) @base)
    (generic_type type: (type_identifier) @base)
    (pointer_type [(type_identifier) @base (qualified_type name: (_) @base)])
  ])
(interface_type (type_elem . [(type_identifier) @base (qualified_type name: (_) @base)] .))

; http.HandleFunc("/items", handler), router.GET("/items", handler)
((call_expression
  function: (selector_expression field: (_) @_handle)
  arguments: (argument_list . (interpreted_string_literal) @route.path . [(identifier) (selector_expression)]? @route.handler)) @route
  (#any-of? @_handle "HandleFunc" "Handle")
  (#match? @route.path "/"))
((call_expression
  function: (selector_expression field: (_) @route.method)
  arguments: (argument_list . (interpreted_string_literal) @route.path . [(identifier) (selector_expression)] @route.handler .)) @route
  (#any-of? @route.method "GET" "POST" "PUT" "PATCH" "DELETE" "HEAD" "OPTIONS" "Get" "Post" "Put" "Patch" "Delete" "Head" "Options")
  (#match? @route.path "^\"/"))
((call_expression
  function: (selector_expression field: (_) @route.method)
  arguments: (argument_list . (interpreted_string_literal) @route.path . (func_literal) .)) @route
  (#any-of? @route.method "GET" "POST" "PUT" "PATCH" "DELETE" "HEAD" "OPTIONS" "Get" "Post" "Put" "Patch" "Delete" "Head" "Options")
  (#match? @route.path "^\"/"))

; os.Getenv("NAME"), os.LookupEnv("NAME"), viper.GetString("name")
((call_expression
  function: (selector_expression operand: (identifier) @_package field: (_) @_get)
  arguments: (argument_list . (interpreted_string_literal (interpreted_string_literal_content) @key))) @config
  (#any-of? @_package "os" "syscall" "viper")
  (#any-of? @_get "Getenv" "LookupEnv" "Get" "GetString" "GetInt" "GetBool" "GetDuration" "GetStringSlice"))
