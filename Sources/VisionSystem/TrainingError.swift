/// Why a model could not be trained.
public struct TrainingError: VisionError, Hashable {
  /// The kinds of error that training adds to those of lower stages. Their raw values are stable names for
  /// programs.
  public enum Kind: String, ErrorKind, CaseIterable {
    /// An error of a lower stage, in the property `cause`.
    case cause
    /// An error that VisionNet does not define.
    case unknown
    /// Settings that contradict each other or the network.
    case settings
    /// An argument outside its range.
    case invalidArgument
    /// There is no architecture of that name, or it does not suit the data.
    case architecture
    /// Training was interrupted.
    case interrupted
    /// There are no images or samples to train on.
    case noImages
    /// There is only one class, so there is nothing to distinguish.
    case oneClass
    /// Samples that do not suit the network or the loss.
    case data
    /// Data that changed since the run began.
    case dataChanged
    /// A label that is not one of the classes.
    case label
    /// Classes other than the model's.
    case classes
    /// A shape other than the required one.
    case shape
    /// An impossible batch size.
    case batch
    /// A file that cannot be used, where all files are required.
    case skipped
    /// A network that cannot be trained, or not in this way.
    case network
    /// An embedding that is missing or has a wrong shape.
    case embedding
    /// A preprocessing that is missing or unsuitable.
    case preprocessing
    /// Numbers that must be finite are not.
    case notFinite
    /// The loss or the weights became NaN or infinite.
    case diverged
    /// Training needs more memory than the machine has or the caller allows.
    case tooLarge
    /// A checkpoint of another network or of other settings.
    case checkpoint
    /// A checkpoint that is inconsistent.
    case corrupt
    /// Something that another run is using.
    case busy
    /// The system cannot start a thread.
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

  /// Passes on an error of a lower stage unchanged.
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
  /// Wraps any error; errors of VisionNet are passed on unchanged.
  package static func wrapping(_ error: any Error) -> TrainingError {
    if let error = error as? TrainingError { return error }
    if let error = error as? any VisionError { return TrainingError(error) }
    return TrainingError(.unknown, "\(error)")
  }
}
