import VisionServing

/// What a route asks of images.
enum ImageQuestion: Sendable, Hashable {
  /// The result of a model's task.
  case result(ServedTask)
  /// The numbers before a classifier's last layer.
  case embedding
  /// Where the evidence for a class is.
  case heatMap

  static let all = ServedTask.allCases.map { ImageQuestion.result($0) } + [.embedding, .heatMap]

  /// The task of the models that can be asked.
  var task: ServedTask {
    switch self {
    case .result(let task): task
    case .embedding, .heatMap: .classification
    }
  }

  /// The last part of the path.
  var verb: String {
    switch self {
    case .result(let task): task.verb
    case .embedding: "embed"
    case .heatMap: "explain"
    }
  }

  /// The parameters beside the model and the image's name.
  var choices: Set<String> {
    switch self {
    case .result(.classification): ["top"]
    case .result: ["confidence"]
    case .embedding: []
    case .heatMap: ["label", "index"]
    }
  }

  /// - Parameter isPicture: whether a heat map is wanted as a picture.
  func served(isPicture: Bool) -> ServedQuestion {
    switch self {
    case .result: .result
    case .embedding: .embedding
    case .heatMap: .heatMap(isPicture: isPicture)
    }
  }
}
