import VisionServing
import VisionSystem

extension OpenAPI {
  static func images(_ question: ImageQuestion) -> JSON {
    let single = reference(question.verb)
    let name = query("name", "The image's name in the answer.", ["type": "string"])
    let model = query("model", "The model to ask; by default the first for the task.", ["type": "string"])
    var answers: [(String, JSON)] = [
      ("application/json", ["oneOf": [single, ["type": "array", "items": single]]]),
      ("application/x-ndjson", ["type": "string"]),
    ]
    if question == .heatMap { answers.append(("image/png", binary)) }
    return [
      "operationId": .string(question.verb), "summary": .string(summary(question)),
      "parameters": .array([model, name] + question.choices.sorted().map { query($0) }),
      "requestBody": ["required": true, "content": bodies(question)],
      "responses": .object(
        [("200", content(answers, description(question)))]
          + errors(
            ["400", "401", "403", "404", "408", "413", "415", "422", "429", "500", "503"], orList: single)),
    ]
  }

  private static let binary: JSON = ["type": "string", "format": "binary"]

  private static func bodies(_ question: ImageQuestion) -> JSON {
    [
      "image/*": ["schema": binary], "application/octet-stream": ["schema": binary],
      "multipart/form-data": [
        "schema": [
          "type": "object", "required": ["image"],
          "properties": ["image": ["type": "array", "minItems": 1, "items": binary]],
        ]
      ],
      "application/json": ["schema": OpenAPISchemas.images(question)],
      "application/x-ndjson": ["schema": ["type": "string"]],
    ]
  }

  /// The schema of a parameter of `ImageChoices`.
  static func choice(_ name: String) -> JSON {
    switch name {
    case "top": ["type": "integer", "minimum": 1, "maximum": 10_000, "default": 5]
    case "confidence": ["type": "number", "minimum": 0.05, "maximum": 1]
    case "index": ["type": "integer", "minimum": 0, "maximum": 1_000_000]
    default: ["type": "string"]
    }
  }

  private static func query(_ name: String) -> JSON {
    switch name {
    case "top": query(name, "Classes in an answer.", choice(name))
    case "confidence":
      query(name, "The lowest score that counts; by default the model's own.", choice(name))
    case "index": query(name, "The class whose evidence is shown, by its position.", choice(name))
    default: query(name, "The class whose evidence is shown; by default the most likely.", choice(name))
    }
  }

  private static func query(_ name: String, _ description: String, _ schema: JSON) -> JSON {
    ["name": .string(name), "in": "query", "description": .string(description), "schema": schema]
  }

  private static func description(_ question: ImageQuestion) -> String {
    let forms = "One object for one image, an array for several; JSON lines where Accept asks for them."
    return question == .heatMap
      ? "A picture for one image, unless Accept asks for JSON. \(forms)" : forms
  }

  private static func summary(_ question: ImageQuestion) -> String {
    switch question {
    case .result(.classification): "What images show: labels with probabilities."
    case .result(.detection): "Objects in images, with their boxes."
    case .result(.faces): "Faces in images, with their boxes and five points."
    case .embedding: "Numbers that describe images: what enters a classifier's last layer."
    case .heatMap: "Where in images the evidence for a class is."
    }
  }
}
