;; where (?:app|api|server|fastify|outer|outes?|express\(\)|Hono\(\))\s*(?:\/[/*][^]{0,300}?)?\??\.\s*(?:get|post|put|patch|delete|del|head|options|all)\b
; app.get("/items", handler)
((call_expression
  function: (member_expression object: (_) @_router property: (_) @route.method)
  arguments: (arguments . [(string) (template_string)] @route.path [(identifier) (member_expression)]? @route.handler .)) @route
  (#match? @_router "(?:^|\\.)_?(?:app|api|server|fastify|[a-zA-Z]*[rR]outer|[a-zA-Z]*[rR]outes?)$|^express\\(\\)$|^new Hono\\(\\)$")
  (#any-of? @route.method "get" "post" "put" "patch" "delete" "del" "head" "options" "all")
  (#match? @route.path "^.[/*]"))
((call_expression
  function: (member_expression object: (_) @_router property: (_) @route.method)
  arguments: (arguments . [(string) (template_string)] @route.path)) @route
  (#match? @_router "(?:^|\\.)_?(?:app|api|server|fastify|[a-zA-Z]*[rR]outer|[a-zA-Z]*[rR]outes?)$|^express\\(\\)$|^new Hono\\(\\)$")
  (#any-of? @route.method "get" "post" "put" "patch" "delete" "del" "head" "options" "all")
  (#match? @route.path "^.[/*]"))
