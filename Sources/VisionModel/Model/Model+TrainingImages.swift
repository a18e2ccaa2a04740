import VisionSystem
import VisionTensor

extension Model {
  /// The images used to create a model, identified by the hashes of their files, so that an evaluation can
  /// recognize them.
  ///
  /// Results on images that a model was trained on do not show how well it does on others.
  public struct TrainingImages: Sendable, Hashable {
    /// What an image was used for.
    public enum Use: Sendable, Hashable {
      /// Fitting weights.
      case training
      /// Choosing settings, a temperature, a threshold, or the ranges of a quantization.
      case validation
    }

    /// Images used to fit weights, including those of the network from which training started.
    public var training: ImageHashes
    /// Images used only to choose settings, not to fit weights.
    public var validation: ImageHashes

    public init(training: ImageHashes, validation: ImageHashes = .none) {
      self.training = training
      self.validation = validation
    }

    /// What an image was used for, or nil, and whether that is certain. It is uncertain only if very many
    /// images were used.
    public func use(of hash: ImageHash) -> (use: Use?, isCertain: Bool) {
      let (trained, validated) = (training.contains(hash), validation.contains(hash))
      if trained == true { return (.training, true) }
      if validated == true { return (.validation, trained != nil) }
      return (nil, trained != nil && validated != nil)
    }

    /// The union of both records.
    public func union(_ other: TrainingImages) -> TrainingImages {
      TrainingImages(
        training: training.union(other.training), validation: validation.union(other.validation))
    }

    /// How the hashes are computed.
    private static let method = "sha256-48"

    /// The members of its JSON object, in order.
    var members: [(String, String?)] {
      [
        ("hash", JSONText.quoted(Self.method)), ("training", training.json), ("validation", validation.json),
      ]
    }

    /// Reads the members of a JSON object; nil when they do not have the form that `members` writes.
    init?(_ member: (String) -> JSONText?) {
      guard member("hash")?.string == Self.method,
        let training = member("training").flatMap({ ImageHashes($0) }),
        let validation = member("validation").flatMap({ ImageHashes($0) })
      else { return nil }
      self.init(training: training, validation: validation)
    }
  }
}
