import VisionSystem
import Foundation
import Synchronization
import Testing
import VisionTestSupport
import VisionGraph
import VisionTensor

@testable import VisionTraining

/// Going on after any kind of end gives the same bytes as never having ended.
@Suite struct CheckpointTests {
  /// 4 batches an epoch, 3 epochs, everything that a checkpoint holds in use.
  private static func trainer(
    _ folder: SampleFolder?, checkpointSteps: Int? = 1, threads: Int = 1,
    callbacks: [any TrainingCallback] = [], change: (inout TrainerSettings) -> Void = { _ in }
  ) throws -> Trainer {
    var settings = TrainingToy.settings(threads: threads)
    settings.averageDecay = 0.8
    settings.clipping = .norm(1)
    settings.stopping = Patience(10)
    settings.folder = folder?.path
    settings.checkpointSteps = checkpointSteps
    settings.checkpointSeconds = 1e9
    settings.callbacks = callbacks
    settings.stage = ["name": "all of it"]
    change(&settings)
    return try Trainer(
      TrainingToy.Network(), on: TrainingToy.samples(14), validation: TrainingToy.held(9),
      settings: settings)
  }

  /// Ends training as a power failure would: nothing is done afterwards.
  private static func crash(at step: Int) -> TrainerTests.Watcher {
    TrainerTests.Watcher { (event, _) throws(TrainingError) in
      if case .step(let report) = event, report.step == step { throw TrainingError(.unknown, "crash") }
    }
  }

  private static func expectSame(_ a: TrainingResult, _ b: TrainingResult, _ comment: Comment) {
    #expect(a.lastParameters.names == b.lastParameters.names, comment)
    #expect(a.lastParameters.map(\.tensor) == b.lastParameters.map(\.tensor), comment)
    #expect(a.parameters.map(\.tensor) == b.parameters.map(\.tensor), comment)
    #expect(a.history.map(\.trainingLoss) == b.history.map(\.trainingLoss), comment)
    #expect(a.history.map(\.validation) == b.history.map(\.validation), comment)
    #expect(a.history.map(\.isBest) == b.history.map(\.isBest), comment)
    #expect(a.best?.epoch == b.best?.epoch && a.ending == b.ending, comment)
  }

  @Test(arguments: [1, 3]) func aCrashAtAnyStepLosesNothing(_ checkpointSteps: Int) throws {
    let undisturbed = try Self.trainer(nil).runBlocking(epochs: 3)
    for step in 1...12 {
      let folder = try SampleFolder()
      let first = try Self.trainer(
        folder, checkpointSteps: checkpointSteps, callbacks: [Self.crash(at: step)])
      #expect(throws: TrainingError.self) { try first.runBlocking(epochs: 3) }
      let second = try Self.trainer(folder, threads: step % 2 + 1)
      let checkpoint = try Checkpoint(contentsOf: folder.path)
      #expect(checkpoint.position.step < step && checkpoint.position.step >= step - checkpointSteps)
      #expect(checkpoint.stage == ["name": "all of it"])
      try second.resume(from: checkpoint)
      let result = try second.runBlocking(epochs: checkpoint.epochs)
      Self.expectSame(undisturbed, result, "crash at step \(step)")
      try Self.expectWholeLogs(folder, steps: 12, epochs: 3)
    }
  }

  /// Every step and epoch is told once.
  private static func expectWholeLogs(_ folder: SampleFolder, steps: Int, epochs: Int) throws {
    let events = try String(contentsOfFile: folder.file("events.jsonl"), encoding: .utf8)
      .split(separator: "\n").map { try JSONSerialization.jsonObject(with: Data($0.utf8)) }
      .compactMap { $0 as? [String: Any] }
    let names = events.compactMap { $0["event"] as? String }
    #expect(names.count == events.count)
    #expect(names.first == "started" && names.last == "finished")
    #expect(names.count { $0 == "started" } == 1 && names.count { $0 == "finished" } == 1)
    let told = events.filter { $0["event"] as? String == "step" }.compactMap { $0["step"] as? Int }
    #expect(told == Array(1...steps))
    let lines = try String(contentsOfFile: folder.file("metrics.csv"), encoding: .utf8)
      .split(separator: "\n").map { $0.split(separator: ",", omittingEmptySubsequences: false) }
    #expect(
      lines[0] == [
        "epoch", "step", "training_loss", "validation_loss", "validation_top1", "rate", "samples_per_second",
        "seconds",
      ])
    #expect(lines.dropFirst().map { String($0[0]) } == (1...epochs).map(String.init))
    #expect(lines.allSatisfy { $0.count == 8 })
  }

  @Test func cancellingAtAnyMomentLosesNothing() throws {
    let undisturbed = try Self.trainer(nil).runBlocking(epochs: 3)
    // Asked before each step and each batch of the validation: 4 + 4 times an epoch, the last one as it ends.
    for moment in 1...24 {
      let folder = try SampleFolder()
      var asked = 0
      let first = try Self.trainer(folder, checkpointSteps: nil).runBlocking(
        epochs: 3,
        isCancelled: {
          asked += 1
          return asked == moment
        })
      #expect(first.ending == .interrupted, "\(moment)")
      let second = try Self.trainer(folder)
      let checkpoint = try Checkpoint(contentsOf: folder.path)
      #expect(checkpoint.position.step == first.steps)
      try second.resume(from: checkpoint)
      Self.expectSame(undisturbed, try second.runBlocking(epochs: 3), "cancelled at moment \(moment)")
      try Self.expectWholeLogs(folder, steps: 12, epochs: 3)
    }
  }

  @Test func aSecondRunGoesOn() throws {
    let constant = { (settings: inout TrainerSettings) in settings.schedule = ConstantSchedule(0.01) }
    let whole = try Self.trainer(nil, change: constant).runBlocking(epochs: 3)
    let trainer = try Self.trainer(nil, change: constant)
    #expect(try trainer.runBlocking(epochs: 1).epochs == 1)
    let result = try trainer.runBlocking(epochs: 3)
    #expect(result.lastParameters.map(\.tensor) == whole.lastParameters.map(\.tensor))
    #expect(result.history.count == 3)
  }

  @Test func whatIsFinishedStaysFinished() throws {
    let folder = try SampleFolder()
    let result = try Self.trainer(folder).runBlocking(epochs: 2)
    let log = EventLog()
    let again = try Self.trainer(folder)
    try again.resume(from: Checkpoint(contentsOf: folder.file(Checkpoint.fileName)))
    Self.expectSame(result, try again.runBlocking(epochs: 2, report: log.add), "resumed at the end")
    #expect(log.steps.isEmpty)
    try Self.expectWholeLogs(folder, steps: 8, epochs: 2)
  }

  @Test func patienceIsRemembered() throws {
    let impatient = { (settings: inout TrainerSettings) in
      settings.schedule = ConstantSchedule(1e-30)
      settings.keepsStatistics = { _ in true }
      settings.averageDecay = nil
      settings.stopping = Patience(2)
    }
    let folder = try SampleFolder()
    #expect(throws: TrainingError.self) {
      try Self.trainer(folder, callbacks: [Self.crash(at: 9)], change: impatient).runBlocking(epochs: 20)
    }
    let checkpoint = try Checkpoint(contentsOf: folder.path)
    #expect(checkpoint.stopping == ["waited": 1])
    for _ in 0..<2 {
      let trainer = try Self.trainer(folder, change: impatient)
      try trainer.resume(from: Checkpoint(contentsOf: folder.path))
      let result = try trainer.runBlocking(epochs: 20)
      #expect(result.ending == .stopped && result.epochs == 3)
    }
  }

  @Test func otherSettingsAreRefused() throws {
    let folder = try SampleFolder()
    try Self.trainer(folder).runBlocking(epochs: 1)
    let checkpoint = try Checkpoint(contentsOf: folder.path)
    let changes: [(inout TrainerSettings) -> Void] = [
      { $0.seed = 6 }, { $0.optimizer = AdamW(beta1: 0.8) }, { $0.averageDecay = nil },
      { $0.schedule = ConstantSchedule(0.1) }, { $0.clipping = nil },
    ]
    for change in changes {
      #expect { try Self.trainer(nil, change: change).resume(from: checkpoint) } throws: {
        ($0 as? TrainingError)?.code == "checkpoint"
      }
    }
  }

  @Test func damagedFilesAreRefused() throws {
    let folder = try SampleFolder()
    #expect { try Checkpoint(contentsOf: folder.path) } throws: { ($0 as? TrainingError)?.code == "missing" }
    try Self.trainer(folder).runBlocking(epochs: 1)
    let path = folder.file(Checkpoint.fileName)
    let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
    for length in [0, 7, 100, bytes.count / 2, bytes.count - 1] {
      try folder.write(Array(bytes.prefix(length)), to: "short")
      #expect(throws: TrainingError.self) { try Checkpoint(contentsOf: folder.file("short")) }
    }
    let text = String(decoding: bytes, as: Unicode.ASCII.self)
    #expect(text.contains("visionnet.checkpoint"))
  }

  @Test func contradictionsAreRefused() throws {
    let folder = try SampleFolder()
    try Self.trainer(folder).runBlocking(epochs: 1)
    let whole = try Checkpoint(contentsOf: folder.path)
    let changes: [(inout Checkpoint) -> Void] = [
      { $0.position.step = .max }, { $0.position.epoch = .max }, { $0.position.batch = 2 },
      {
        $0.position.epoch = .max / 4
        $0.position.step = .max / 4 * 4
      },
      { $0.history = [] }, { $0.history += $0.history }, { $0.best = Parameters() },
      { $0.best?["head.weight"] = Tensor([Float(1)]) }, { $0.best?["more"] = Tensor([Float(1)]) },
      { $0.best?["head.bias"] = Tensor([Int64(1), 2]) },
    ]
    for (index, change) in changes.enumerated() {
      var checkpoint = whole
      change(&checkpoint)
      try checkpoint.write(to: folder.file("changed"))
      let read = try Checkpoint(contentsOf: folder.file("changed"))
      #expect(throws: TrainingError.self, "\(index)") { try Self.trainer(nil).resume(from: read) }
    }
    // The order of the tensors in the file is nobody's business.
    var checkpoint = whole
    checkpoint.best = Parameters()
    for (name, tensor) in Array(whole.best ?? Parameters()).reversed() { checkpoint.best?[name] = tensor }
    let trainer = try Self.trainer(nil)
    try trainer.resume(from: checkpoint)
    let result = try trainer.runBlocking(epochs: 1)
    #expect(result.parameters.names == result.lastParameters.names)
    checkpoint = whole
    checkpoint.logs.events = -1
    try checkpoint.write(to: folder.file("changed"))
    #expect(throws: TrainingError.self) { try Checkpoint(contentsOf: folder.file("changed")) }
  }

  @Test func aFullDiskKeepsTheLastCheckpoint() throws {
    guard let disk = TinyDisk(kilobytes: 64) else {
      print("skipped: a small disk can only be mounted by the superuser")
      return
    }
    let undisturbed = try Self.trainer(nil).runBlocking(epochs: 3)
    var settings: (inout TrainerSettings) -> Void = { $0.folder = disk.path }
    let filler = "\(disk.path)/filler"
    let fill = TrainerTests.Watcher { event, _ in
      guard case .step(let report) = event, report.step == 6 else { return }
      disk.fill(filler)
    }
    do {
      try Self.trainer(nil, callbacks: [fill], change: settings).runBlocking(epochs: 3)
      Issue.record("the disk should have been full")
    } catch let error as TrainingError {
      #expect(error.code == "diskFull")
      #expect(error.place?.contains(disk.path) == true && error.remedy != nil)
    }
    let checkpoint = try Checkpoint(contentsOf: disk.path)
    #expect(checkpoint.position.step == 5)
    let names = try FileManager.default.contentsOfDirectory(atPath: disk.path).sorted()
    #expect(names == ["checkpoint.safetensors", "events.jsonl", "filler", "metrics.csv"])
    try FileManager.default.removeItem(atPath: filler)
    settings = { $0.folder = disk.path }
    let second = try Self.trainer(nil, change: settings)
    try second.resume(from: checkpoint)
    Self.expectSame(undisturbed, try second.runBlocking(epochs: 3), "after a full disk")
  }

  @Test func aFolderThatIsNotThereIsFoundOutAtOnce() throws {
    let log = EventLog()
    let trainer = try Self.trainer(nil) { $0.folder = "/no/such/folder" }
    #expect(throws: TrainingError.self) { try trainer.runBlocking(epochs: 1, report: log.add) }
    #expect(log.steps.isEmpty)
  }
}
