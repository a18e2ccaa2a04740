import VisionSystem
import VisionTensor

extension Model {
  /// The images that a model has seen while it was made, by the hashes of their files, so that an evaluation can tell them
  /// from others.
  ///
  /// Figures on images that a model was trained on say nothing about how it does on others.
  public struct TrainingImages: Sendable, Hashable {
    /// What an image was used for.
    public enum Use: Sendable, Hashable {
      /// Weights were fitted to it.
      case training
      /// Settings, temperature, threshold or ranges of a quantization were chosen by it.
      case validation
    }

    /// Those that weights were fitted to, also those of the network that the training started from.
    public var training: ImageHashes
    /// Those that something was chosen by, and no weight was fitted to.
    public var validation: ImageHashes

    public init(training: ImageHashes, validation: ImageHashes = .none) {
      self.training = training
      self.validation = validation
    }

    /// What an image was used for, nil for nothing; and whether that is certain, as it always is unless there are very many.
    public func use(of hash: ImageHash) -> (use: Use?, isCertain: Bool) {
      let (trained, validated) = (training.contains(hash), validation.contains(hash))
      if trained == true { return (.training, true) }
      if validated == true { return (.validation, trained != nil) }
      return (nil, trained != nil && validated != nil)
    }

    /// The images of both.
    public func union(_ other: TrainingImages) -> TrainingImages {
      TrainingImages(
        training: training.union(other.training), validation: validation.union(other.validation))
    }

    /// How the hashes are made.
    private static let method = "sha256-48"

    /// The members of its JSON object, in order.
    var members: [(String, String?)] {
      [
        ("hash", JSONText.quoted(Self.method)), ("training", training.json), ("validation", validation.json),
      ]
    }

    /// Reads the members of a JSON object; nil when they are not what `members` gives.
    init?(_ member: (String) -> JSONText?) {
      guard member("hash")?.string == Self.method,
        let training = member("training").flatMap({ ImageHashes($0) }),
        let validation = member("validation").flatMap({ ImageHashes($0) })
      else { return nil }
      self.init(training: training, validation: validation)
    }
  }
}
