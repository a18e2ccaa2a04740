import VisionServing

/// What a request chooses for its images, by the URL's parameters or by members of its JSON, of which the latter count.
struct ImageChoices: Sendable {
  private(set) var model: String?
  private var top = 5
  private var confidence: Float?
  private var label: String?
  private var index: Int?

  static let topRange = 1...10_000
  static let confidenceRange = ServedModel.lowestConfidence...1
  static let indexRange = 0...1_000_000

  /// - Throws: `parameter` for what the question does not know, and for values outside their ranges.
  init(_ query: QueryParameters) throws(ServiceError) {
    model = query.text("model")
    top = try query.integer("top", Self.topRange) ?? 5
    confidence = try query.number("confidence", Self.confidenceRange)
    label = query.text("label")
    index = try query.integer("index", Self.indexRange)
    try check()
  }

  /// - Throws: `parameter` for what the question does not know, and for values outside their ranges.
  mutating func take(_ body: ImagesBody, for question: ImageQuestion) throws(ServiceError) {
    let given = [
      ("top", body.top != nil), ("confidence", body.confidence != nil), ("label", body.label != nil),
      ("index", body.index != nil),
    ]
    for (name, isGiven) in given where isGiven && !question.choices.contains(name) {
      throw ServiceError(
        .parameter, "there is no parameter '\(name)' for /v1/\(question.verb)", remedy: "leave it out")
    }
    model = body.model ?? model
    top = try Self.checked("top", body.top, Self.topRange) ?? top
    confidence = try Self.checked("confidence", body.confidence, Self.confidenceRange) ?? confidence
    if body.label != nil || body.index != nil { (label, index) = (body.label, body.index) }
    index = try Self.checked("index", index, Self.indexRange)
    try check()
  }

  func image(_ name: String, _ bytes: [UInt8]) -> ServedImage {
    ServedImage(
      name: name, bytes: bytes, top: top, confidence: confidence,
      target: label.map { .label($0) } ?? index.map { .index($0) })
  }

  private func check() throws(ServiceError) {
    guard label == nil || index == nil else {
      throw ServiceError(.parameter, "label and index contradict each other", remedy: "leave one out")
    }
  }

  private static func checked<Number: Comparable>(
    _ name: String, _ value: Number?, _ range: ClosedRange<Number>
  ) throws(ServiceError) -> Number? {
    guard let value else { return nil }
    guard range.contains(value) else {
      throw ServiceError(.parameter, "\(name) must be from \(range.lowerBound) to \(range.upperBound)")
    }
    return value
  }
}
