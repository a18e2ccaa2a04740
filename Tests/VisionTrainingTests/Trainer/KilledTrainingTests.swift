import Foundation
import Testing
import VisionTestSupport
import VisionSystem
import VisionTensor

@testable import VisionTraining

/// Training in a process of its own that is killed without warning, again and again.
@Suite struct KilledTrainingTests {
  private static let variable = "VISIONNET_TEST_KILLED_TRAINING"
  private static let folder = ProcessInfo.processInfo.environment[variable]
  private static let epochs = 30

  private static func trainer(_ folder: String?) throws -> Trainer {
    var settings = TrainingToy.settings()
    settings.folder = folder
    settings.checkpointSteps = 1
    return try Trainer(
      TrainingToy.Network(), on: TrainingToy.samples(14), validation: TrainingToy.held(5), settings: settings)
  }

  /// Goes on with what there is in `folder`.
  private static func goOn(_ folder: String) throws -> TrainingResult {
    let trainer = try trainer(folder)
    if FileManager.default.fileExists(atPath: "\(folder)/\(Checkpoint.fileName)") {
      try trainer.resume(from: Checkpoint(contentsOf: folder))
    }
    return try trainer.runBlocking(epochs: epochs)
  }

  /// What the process that is killed does.
  @Test(.enabled(if: folder != nil)) func trainsUntilItIsKilled() throws {
    _ = try Self.goOn(try #require(Self.folder))
  }

  @Test(.enabled(if: folder == nil)) func aKilledProcessLosesNothing() throws {
    let undisturbed = try Self.trainer(nil).runBlocking(epochs: Self.epochs)
    let folder = try SampleFolder()
    let delays = Philox(seed: 7).uniform(count: 6)
    var last = -1
    for (index, delay) in delays.enumerated() {
      let child = Process()
      child.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
      child.arguments = ["--filter", "trainsUntilItIsKilled", "--testing-library", "swift-testing"]
      child.environment = ProcessInfo.processInfo.environment.merging([Self.variable: folder.path]) { $1 }
      child.standardOutput = FileHandle.nullDevice
      child.standardError = FileHandle.nullDevice
      try child.run()
      // Reads while the other process writes: the file is whole at every moment.
      var step = -1
      while step <= max(last, index * 15), child.isRunning {
        if FileManager.default.fileExists(atPath: folder.file(Checkpoint.fileName)) {
          step = try Checkpoint(contentsOf: folder.path).position.step
        }
        usleep(500)
      }
      usleep(UInt32(saturating: delay * 4000))
      kill(child.processIdentifier, SIGKILL)
      child.waitUntilExit()
      #expect(child.terminationReason == .uncaughtSignal, "the process ended by itself")
      last = try Checkpoint(contentsOf: folder.path).position.step
    }
    #expect(last > 60 && last < 120)
    let result = try Self.goOn(folder.path)
    #expect(result.lastParameters.map(\.tensor) == undisturbed.lastParameters.map(\.tensor))
    #expect(result.parameters.map(\.tensor) == undisturbed.parameters.map(\.tensor))
    #expect(result.history.map(\.validation) == undisturbed.history.map(\.validation))
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    #expect(names == ["checkpoint.safetensors", "events.jsonl", "metrics.csv"])
  }
}
