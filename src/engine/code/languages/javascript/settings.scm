;; where (?:process|import\.meta|Deno)\.env\b
; process.env.NAME, process.env["NAME"], import.meta.env.NAME, const { NAME } = process.env
((member_expression object: (member_expression) @_env property: (property_identifier) @key) @config
  (#any-of? @_env "process.env" "import.meta.env"))
((subscript_expression object: (member_expression) @_env index: (string (string_fragment) @key)) @config
  (#any-of? @_env "process.env" "import.meta.env"))
((variable_declarator
  name: (object_pattern
    [
      (shorthand_property_identifier_pattern) @key @config
      (pair_pattern key: (_) @key @config)
      (object_assignment_pattern left: (_) @key @config)
    ])
  value: (member_expression) @_env)
  (#any-of? @_env "process.env" "import.meta.env"))
((call_expression
  function: (member_expression object: (member_expression) @_env property: (_) @_get)
  arguments: (arguments . (string (string_fragment) @key))) @config
  (#eq? @_env "Deno.env")
  (#eq? @_get "get"))
