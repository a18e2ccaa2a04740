import VisionTraining
import Testing
import VisionNet

@testable import VisionNetCLI

/// What the exit code says of every kind of error, alone and passed on by the stages above.
@Suite struct ExitStatusTests {
  /// Swift Testing has a type of that name, too.
  typealias Status = VisionNetCLI.ExitStatus

  private static let images: [(ImageError.Kind, Status)] = [
    (.missing, .noInput), (.isDirectory, .noInput), (.unreadable, .noInput), (.unwritable, .inputOutput),
    (.outOfMemory, .failure), (.invalidArgument, .usage), (.empty, .data), (.truncated, .data),
    (.corrupt, .data), (.tooLarge, .data), (.unsupported, .data), (.invalidPreprocessing, .data),
  ]
  private static let formats: [(FormatError.Kind, Status)] = [
    (.missing, .noInput), (.isDirectory, .noInput), (.io, .inputOutput), (.diskFull, .inputOutput),
    (.truncated, .data), (.corrupt, .data), (.foreign, .data), (.unsupported, .data), (.tooLarge, .data),
    (.network, .data),
  ]
  private static let datasets: [(DatasetError.Kind, Status)] = [
    (.missing, .noInput), (.unreadable, .noInput), (.noImages, .noInput), (.invalidArgument, .usage),
    (.noneReadable, .data), (.oneClass, .data), (.tooFew, .data), (.name, .data), (.table, .data),
    (.severalLabels, .data), (.classes, .data), (.annotations, .data), (.ambiguous, .usage),
    (.occupied, .inputOutput), (.notWritten, .inputOutput),
  ]
  private static let configurations: [(ConfigurationError.Kind, Status)] = [
    (.missing, .noInput), (.unreadable, .noInput), (.syntax, .usage), (.unknownSetting, .usage),
    (.repeated, .usage), (.invalidValue, .usage), (.conflict, .usage),
  ]
  private static let stores: [(StoreError.Kind, Status)] = [
    (.unknownModel, .noInput), (.unknownDataset, .noInput), (.missing, .noInput), (.offline, .noInput),
    (.invalidManifest, .data), (.checksum, .data), (.corrupt, .data), (.damaged, .data),
    (.noPython, .failure),
    (.noPip, .failure), (.noApt, .failure), (.network, .inputOutput), (.pipFailed, .inputOutput),
    (.aptFailed, .inputOutput), (.noSpace, .inputOutput), (.notWritable, .inputOutput),
    (.occupied, .inputOutput), (.io, .inputOutput), (.interrupted, .interrupted),
  ]

  /// An error, and the same passed on by training and by classifying.
  private func check(_ error: any VisionError, _ code: String, _ status: Status) {
    for passed in [error, TrainingError(error), TrainingError(TrainingError(error))] as [any VisionError] {
      #expect(Status(passed) == status, "\(type(of: passed)) of \(code)")
      #expect(passed.code == code)
      #expect(passed.description == "here: what (do)")
    }
  }

  @Test func everyKindHasItsStatus() {
    #expect(Self.images.count == ImageError.Kind.allCases.count)
    for (kind, status) in Self.images {
      check(ImageError(kind, "what", place: "here", remedy: "do"), kind.rawValue, status)
    }
    for (kind, status) in Self.formats {
      check(FormatError(kind, "what", file: "here", remedy: "do"), kind.rawValue, status)
    }
    #expect(Self.datasets.count == DatasetError.Kind.allCases.count)
    for (kind, status) in Self.datasets {
      check(DatasetError(kind, "what", place: "here", remedy: "do"), kind.rawValue, status)
    }
    #expect(Self.configurations.count == ConfigurationError.Kind.allCases.count)
    for (kind, status) in Self.configurations {
      check(ConfigurationError(kind, "what", place: "here", remedy: "do"), kind.rawValue, status)
    }
    #expect(Self.stores.count == StoreError.Kind.allCases.count)
    for (kind, status) in Self.stores {
      check(StoreError(kind, "what", place: "here", remedy: "do"), kind.rawValue, status)
    }
  }

  @Test func trainingSaysWhoseErrorItsOwnIs() {
    for kind in TrainingError.Kind.allCases {
      let status: Status =
        switch kind {
        case .settings, .architecture, .invalidArgument: .usage
        case .interrupted: .interrupted
        case .noImages: .noInput
        default: .data
        }
      check(TrainingError(kind, "what", place: "here", remedy: "do"), kind.rawValue, status)
    }
  }

  @Test func networksAndStrangersHaveTheirs() {
    check(GraphError(.tooLarge, "what", place: "here", remedy: "do"), "tooLarge", .data)
    #expect(Status(EvaluationError("what")) == .data)
    #expect(EvaluationError("what").code == "evaluation")
    #expect(Status(ShapeError("what")) == .data)
    #expect(Status(CancellationError()) == .failure)
  }

  @Test(arguments: [
    (CommandError.Kind.usage, "usage", Int32(64)), (.data, "data", 65), (.missing, "missing", 66),
    (.io, "io", 74),
    (.failure, "failure", 1),
  ])
  func commandsHaveTheirOwn(_ kind: CommandError.Kind, _ code: String, _ status: Int32) {
    #expect(CommandError(kind, "what").code == code)
    #expect(Status(CommandError(kind, "what")).rawValue == status)
  }
}
