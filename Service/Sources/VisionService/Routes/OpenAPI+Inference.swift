import VisionSystem

extension OpenAPI {
  static var server: JSON {
    reading(
      "server", "What the server is.",
      OpenAPISchemas.object([
        ("name", OpenAPISchemas.text), ("version", OpenAPISchemas.text),
        ("extensions", ["type": "array", "items": OpenAPISchemas.text]),
      ]), ["401", "403"])
  }

  static var metadata: JSON {
    let tensors: JSON = ["type": "array", "items": OpenAPISchemas.object(tensor)]
    return reading(
      "metadata", "The inputs and outputs of a model's network; -1 is the number of samples.",
      OpenAPISchemas.object([
        ("name", OpenAPISchemas.text), ("versions", ["type": "array", "items": OpenAPISchemas.text]),
        ("platform", OpenAPISchemas.text), ("inputs", tensors), ("outputs", tensors),
      ]), ["400", "401", "403", "404", "429", "500", "503"], parameters: [name])
  }

  static var modelReady: JSON {
    reading(
      "modelReady", "Whether a model can be asked; it is read if it was not.",
      OpenAPISchemas.object([("name", OpenAPISchemas.text), ("ready", ["type": "boolean"])]),
      ["400", "401", "403", "404", "500", "503"], parameters: [name])
  }

  static var infer: JSON {
    let data: JSON = ["type": "array"]
    let output: JSON = ["type": "object", "required": ["name"], "properties": ["name": OpenAPISchemas.text]]
    let input: JSON = [
      "type": "object", "required": ["name", "shape", "datatype", "data"],
      "properties": .object(tensor + [("data", data)]),
    ]
    return [
      "operationId": "infer", "summary": "Runs a model's network on tensors.", "parameters": .array([name]),
      "requestBody": [
        "required": true,
        "content": [
          "application/json": [
            "schema": [
              "type": "object", "required": ["inputs"],
              "properties": [
                "id": ["type": ["string", "null"]], "inputs": ["type": "array", "items": input],
                "outputs": ["type": ["array", "null"], "items": output],
              ],
            ]
          ]
        ],
      ],
      "responses": .object(
        [
          (
            "200",
            content(
              [
                (
                  "application/json",
                  OpenAPISchemas.object(
                    [
                      ("model_name", OpenAPISchemas.text), ("model_version", OpenAPISchemas.text),
                      ("id", OpenAPISchemas.text),
                      (
                        "outputs",
                        ["type": "array", "items": OpenAPISchemas.object(tensor + [("data", data)])]
                      ),
                    ], optional: ["id"])
                )
              ], "The network's outputs.")
          )
        ] + errors(["400", "401", "403", "404", "408", "413", "415", "429", "500", "503"])),
    ]
  }

  private static var tensor: [(String, JSON)] {
    [
      ("name", OpenAPISchemas.text), ("datatype", ["enum": ["FP32", "UINT8"]]),
      ("shape", ["type": "array", "items": ["type": "integer"]]),
    ]
  }
}
