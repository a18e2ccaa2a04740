/// Why a model could not be trained.
public struct TrainingError: VisionError, Hashable {
  /// The kinds of error that training adds to those of the stages below, named stably for machines.
  public enum Kind: String, ErrorKind, CaseIterable {
    /// An error of a stage below: `cause`.
    case cause
    /// An error that is none of VisionNet's.
    case unknown
    /// Settings that contradict each other or the network.
    case settings
    /// An argument outside its range.
    case invalidArgument
    /// No architecture of that name, or one that does not suit the data.
    case architecture
    /// Ended before it was done.
    case interrupted
    /// There are no images or samples to train on.
    case noImages
    /// There is one class only, so there is nothing to tell apart.
    case oneClass
    /// Samples that do not suit the network or the loss.
    case data
    /// Data that changed since the run began.
    case dataChanged
    /// A label that is not one of the classes.
    case label
    /// Classes other than the model's.
    case classes
    /// A shape other than the one that is needed.
    case shape
    /// A batch size that is not possible.
    case batch
    /// A file that cannot be used where all have to be.
    case skipped
    /// A network that cannot be trained, or not so.
    case network
    /// An embedding that is missing or has another shape.
    case embedding
    /// A preprocessing that is missing or does not suit.
    case preprocessing
    /// Numbers that have to be finite are not.
    case notFinite
    /// The loss or the weights became numbers that are none.
    case diverged
    /// More memory than the machine has or the caller allows.
    case tooLarge
    /// A checkpoint of another network or other settings.
    case checkpoint
    /// A checkpoint that contradicts itself.
    case corrupt
    /// Something that another run is using.
    case busy
    /// The system starts no thread.
    case threads

    public var blame: Blame {
      switch self {
      case .settings, .invalidArgument, .architecture: .usage
      case .interrupted: .interruption
      case .noImages: .missingInput
      case .cause, .unknown, .oneClass, .data, .dataChanged, .label, .classes, .shape, .batch, .skipped,
        .network,
        .embedding, .preprocessing, .notFinite, .diverged, .tooLarge, .checkpoint, .corrupt, .busy, .threads:
        .data
      }
    }
  }

  public let kind: Kind
  public let message: String
  public var place: String?
  public var remedy: String?
  public let cause: (any VisionError)?

  public init(_ kind: Kind, _ message: String, place: String? = nil, remedy: String? = nil) {
    self.kind = kind
    self.message = message
    self.place = place
    self.remedy = remedy
    cause = nil
  }

  /// An error of a lower stage, as it stands.
  public init(_ error: any VisionError) {
    kind = .cause
    message = error.message
    place = error.place
    remedy = error.remedy
    cause = error
  }

  public static func == (a: TrainingError, b: TrainingError) -> Bool {
    (a.kind, a.code, a.message, a.place, a.remedy) == (b.kind, b.code, b.message, b.place, b.remedy)
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(code)
    hasher.combine(message)
  }
}

extension TrainingError {
  /// Any error: those of VisionNet as they stand.
  package static func wrapping(_ error: any Error) -> TrainingError {
    if let error = error as? TrainingError { return error }
    if let error = error as? any VisionError { return TrainingError(error) }
    return TrainingError(.unknown, "\(error)")
  }
}
