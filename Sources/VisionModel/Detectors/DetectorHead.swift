import VisionGraph

/// What the outputs of a kind of detector mean.
protocol DetectorHead: Sendable {
  static var kind: DetectorKind { get }

  /// The head of a network whose outputs have the names and shapes of this kind; nil for others.
  ///
  /// It must fit no network of another kind: whoever asks takes two fits for doubt.
  static func find(in view: DetectorView) -> Self?

  /// What the head was recognized by, for people.
  var evidence: String { get }
  /// How images become the network's input.
  var convention: DetectorConvention { get }
  /// The names of the classes where the kind has its own.
  var labels: [String] { get }

  /// Appends what decodes the outputs to the network.
  func decode(_ view: DetectorView, _ builder: HeadBuilder) throws(GraphError) -> DecodedOutputs
}

extension DetectorHead {
  var labels: [String] { [] }
}

/// What every detector gives in the end, before any selection.
struct DecodedOutputs {
  /// N×A×4: left, top, right and bottom in pixels of the input.
  var boxes: Value
  /// N×A×K, 0...1.
  var scores: Value
  /// N×A×P×2: x and y in pixels of the input; nil for detectors without points.
  var points: Value?
}
