package import VisionData
package import VisionSystem

/// Examined data on which defaults of settings depend, for a network with random weights or a detector.
package protocol SurveyedData: Sendable {
  /// The number of training samples.
  var samples: Int { get }
  /// The part of the images that is held back for validation, in 0..<1.
  var heldBack: Double { get }
  /// The path of the data.
  var root: String { get }
  var isGray: Bool { get }
  /// The name of the architecture that suits the data.
  var architecture: String { get }
  /// The input size that suits the data, and that this architecture can take.
  func imageSize(for architecture: String?) -> ImageSize
  /// The name of the network with random weights that the settings name, as it is published, or nil for a pretrained
  /// one, and whether it has batch normalization.
  ///
  /// - Throws: `TrainingError` for an unknown network, or one that cannot take the images.
  func network(_ settings: ResolvedSettings) throws(TrainingError) -> (name: String?, isNormalized: Bool)
  /// The default of a setting that is another one than for classifiers; nil for the same.
  func choice(of setting: String, in situation: Situation) -> (any Sendable)?
}

extension SurveyedData {
  package func choice(of setting: String, in situation: Situation) -> (any Sendable)? { nil }
}
