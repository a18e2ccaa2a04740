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
    [
      "operationId": "infer", "summary": "Runs a model's network on tensors.",
      "parameters": .array([name, headerLength]),
      "requestBody": [
        "required": true,
        "content": [
          "application/json": ["schema": inferenceRequest],
          "application/octet-stream": ["schema": ["type": "string", "format": "binary"]],
        ],
      ],
      "responses": .object(
        [
          (
            "200",
            content(
              [
                ("application/json", inferenceAnswer),
                ("application/octet-stream", ["type": "string", "format": "binary"]),
              ],
              "The network's outputs; JSON with the tensors' bytes behind it where a tensor is asked for as bytes."
            )
          )
        ] + errors(["400", "401", "403", "404", "408", "413", "415", "429", "500", "503"])),
    ]
  }

  private static var headerLength: JSON {
    [
      "name": "Inference-Header-Content-Length", "in": "header",
      "description": "The bytes of the JSON; those of tensors follow it.",
      "schema": ["type": "integer", "minimum": 0],
    ]
  }

  private static var inferenceRequest: JSON {
    let size: JSON = [
      "type": "object", "properties": ["binary_data_size": ["type": "integer", "minimum": 0]],
    ]
    let flag: JSON = ["type": "object", "properties": ["binary_data": ["type": "boolean"]]]
    let input: JSON = [
      "type": "object", "required": ["name", "shape", "datatype"],
      "properties": .object(tensor + [("data", ["type": "array"]), ("parameters", size)]),
    ]
    let output: JSON = [
      "type": "object", "required": ["name"],
      "properties": ["name": OpenAPISchemas.text, "parameters": flag],
    ]
    return [
      "type": "object", "required": ["inputs"],
      "properties": [
        "id": ["type": ["string", "null"]], "inputs": ["type": "array", "items": input],
        "outputs": ["type": ["array", "null"], "items": output],
        "parameters": ["type": "object", "properties": ["binary_data_output": ["type": "boolean"]]],
      ],
    ]
  }

  private static var inferenceAnswer: JSON {
    let size: JSON = ["type": "object", "properties": ["binary_data_size": OpenAPISchemas.natural]]
    let output = OpenAPISchemas.object(
      tensor + [("data", ["type": "array"]), ("parameters", size)], optional: ["data", "parameters"])
    return OpenAPISchemas.object(
      [
        ("model_name", OpenAPISchemas.text), ("model_version", OpenAPISchemas.text),
        ("id", OpenAPISchemas.text), ("outputs", ["type": "array", "items": output]),
      ], optional: ["id"])
  }

  private static var tensor: [(String, JSON)] {
    [
      ("name", OpenAPISchemas.text), ("datatype", ["enum": ["FP32", "UINT8"]]),
      ("shape", ["type": "array", "items": ["type": "integer"]]),
    ]
  }
}
