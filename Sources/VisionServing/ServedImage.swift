/// An encoded image that somebody asks about, and what is asked.
public struct ServedImage: Sendable {
  /// The name in the answer, such as that of an uploaded file.
  public var name: String
  /// A file of any format that VisionNet reads.
  public var bytes: [UInt8]
  /// The number of classes in the answer of a classifier, at least 1.
  public var top: Int
  /// The lowest score that counts for a detector, 0...1; nil for the model's own. Below
  /// `ServedModel.lowestConfidence` nothing is found.
  public var confidence: Float?
  /// The class that a heat map is for; nil for the most likely one.
  public var target: ServedClass?

  public init(
    name: String, bytes: [UInt8], top: Int = 5, confidence: Float? = nil, target: ServedClass? = nil
  ) {
    (self.name, self.bytes, self.top, self.confidence) = (name, bytes, top, confidence)
    self.target = target
  }
}
