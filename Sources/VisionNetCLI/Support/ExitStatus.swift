import ArgumentParser
import VisionNet

/// What the exit code says, as in `sysexits.h` from 64 on.
enum ExitStatus: Int32, Sendable {
  case success = 0
  case failure = 1
  /// Finished, but some inputs were unreadable.
  case incomplete = 2
  case usage = 64
  /// Bad data or a bad model.
  case data = 65
  /// A missing or forbidden input.
  case noInput = 66
  case inputOutput = 74
  /// Ended by the interrupt key.
  case interrupted = 130

  var exitCode: ExitCode { ExitCode(rawValue) }

  /// What an error of any stage means to the caller of the process.
  init(_ error: any Error) {
    self =
      switch error {
      case let error as CommandError: error.status
      case let error as ImageError: Self.status(of: error.kind)
      case let error as FormatError: Self.status(of: error.kind)
      case let error as StoreError: Self.status(of: error.kind)
      case let error as ClassifierError: Self.status(ofClassifier: error.code)
      case let error as DatasetError: Self.status(of: error.kind)
      case let error as ConfigurationError: Self.status(of: error.kind)
      case let error as TrainingError: Self.status(ofTraining: error.code)
      case is GraphError, is ShapeError, is EvaluationError: .data
      default: .failure
      }
  }

  private static func status(of kind: ImageError.Kind) -> ExitStatus {
    switch kind {
    case .missing, .isDirectory, .unreadable: .noInput
    case .unwritable: .inputOutput
    case .outOfMemory: .failure
    case .invalidArgument: .usage
    case .empty, .truncated, .corrupt, .tooLarge, .unsupported, .invalidPreprocessing: .data
    }
  }

  private static func status(of kind: FormatError.Code) -> ExitStatus {
    switch kind {
    case .missing, .isDirectory: .noInput
    case .io, .diskFull: .inputOutput
    case .truncated, .corrupt, .foreign, .unsupported, .tooLarge, .network: .data
    }
  }

  /// The codes are those of the stages below, and two of its own about the model.
  private static func status(ofClassifier code: String) -> ExitStatus {
    if let kind = FormatError.Code(rawValue: code) { return status(of: kind) }
    if let kind = ImageError.Kind(rawValue: code) { return status(of: kind) }
    if let kind = StoreError.Kind(rawValue: code) { return status(of: kind) }
    return .data
  }

  private static func status(of kind: DatasetError.Kind) -> ExitStatus {
    switch kind {
    case .missing, .unreadable, .noPictures: .noInput
    case .invalidArgument: .usage
    case .noneReadable, .oneClass, .tooFew, .name, .table, .severalLabels, .classes: .data
    }
  }

  private static func status(of kind: ConfigurationError.Kind) -> ExitStatus {
    switch kind {
    case .missing, .unreadable: .noInput
    case .syntax, .unknownSetting, .repeated, .invalidValue, .conflict: .usage
    }
  }

  /// The codes are those of the stages below, and some of its own about the model.
  private static func status(ofTraining code: String) -> ExitStatus {
    if code == "interrupted" { return .interrupted }
    if code == "settings" || code == "architecture" { return .usage }
    if let kind = DatasetError.Kind(rawValue: code) { return status(of: kind) }
    return status(ofClassifier: code)
  }

  private static func status(of kind: StoreError.Kind) -> ExitStatus {
    switch kind {
    case .unknownModel, .unknownDataset, .missing, .offline: .noInput
    case .invalidManifest, .checksum, .corrupt, .damaged: .data
    case .noPython, .noPip, .noApt: .failure
    case .network, .pipFailed, .aptFailed, .noSpace, .notWritable, .occupied, .io: .inputOutput
    case .interrupted: .interrupted
    }
  }
}
