/// What an output of a network means, whatever it is called.
public struct OutputRole: Sendable, Hashable {
  /// The kind of numbers: lower-case words joined by hyphens.
  public var kind: String
  /// Columns of the input for one column of the output, where a network has such an output at several levels; else nil.
  public var stride: Int?

  /// Precondition: a stride is above 0.
  public init(kind: String, stride: Int? = nil) {
    precondition(stride.map { $0 > 0 } ?? true, "a stride of \(stride ?? 0)")
    (self.kind, self.stride) = (kind, stride)
  }

  /// N×K, of which softmax, or sigmoid where several classes may be right, makes the probabilities.
  public static let logits = OutputRole(kind: "logits")
  /// N×K, each in 0...1.
  public static let probabilities = OutputRole(kind: "probabilities")
  /// N×E, numbers that describe a sample.
  public static let embedding = OutputRole(kind: "embedding")

  /// What the output is called in files that VisionNet writes: `logits`, or with the stride `object-logits-8`.
  public var name: String { stride.map { "\(kind)-\($0)" } ?? kind }
}
