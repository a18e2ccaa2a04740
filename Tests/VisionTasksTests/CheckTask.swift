import Foundation
import Testing
import VisionData
import VisionGraph
import VisionInference
import VisionModel
import VisionSystem
import VisionTensor
import VisionTestSupport
import VisionTraining

@testable import VisionTasks

/// What each task that can be trained has to get right, whatever it is.
///
/// - Parameters:
///   - data: with validation samples; what is trained on them need not be good.
///   - perfect: the outputs of one sample that a network without errors would give for these targets.
///   - isRight: whether a prediction says what is true.
func checkTask<Task: TrainableTask>(
  _ task: Task, on data: Dataset<Task.Input.Subject, Task.Truth>, from network: StartingNetwork,
  _ recipe: Recipe = .scratch, settings: TrainerSettings, perfect: ([Tensor]) -> [Tensor],
  isRight: (Task.Prediction, Task.Truth) -> Bool
) throws {
  try checkTargets(task, data, perfect, isRight)
  func run(_ folder: SampleFolder?, threads: Int, killedAt step: Int? = nil) throws -> TrainingOutcome<Task> {
    var settings = settings
    (settings.folder, settings.threads, settings.loaderThreads) = (folder?.path, threads, threads)
    settings.checkpointSteps = 1
    if let step { settings.callbacks = [Kill(step: step)] }
    return try TrainingRun(task, on: data, from: network, recipe, epochs: 2, settings: settings).run()
  }
  let whole = try run(nil, threads: 1)
  let bytes = try whole.model.bytes()
  #expect(try run(nil, threads: 2).model.bytes() == bytes, "1 thread and 2")
  let scores = whole.validation?.scores
  #expect(scores?.isEmpty == false && whole.stages.count { $0.isKept } == 1)
  for step in 1...(whole.stages.last?.training?.steps ?? 1) {
    let folder = try SampleFolder()
    #expect(throws: TrainingError.self) { _ = try run(folder, threads: 2, killedAt: step) }
    let resumed = try run(folder, threads: 1)
    #expect(try resumed.model.bytes() == bytes, "killed at step \(step)")
    #expect(resumed.validation?.scores == scores)
  }
  try checkFile(whole, data)
}

/// Ends training as a power failure would: nothing is done afterwards.
private struct Kill: TrainingCallback {
  let step: Int
  func received(_ event: TrainingEvent, _ control: TrainingControl) throws(TrainingError) {
    if case .step(let report) = event, report.step == step { throw TrainingError(.unknown, "killed") }
  }
}

/// Annotation → targets → perfect outputs → prediction = annotation.
private func checkTargets<Task: TrainableTask>(
  _ task: Task, _ data: Dataset<Task.Input.Subject, Task.Truth>, _ perfect: ([Tensor]) -> [Tensor],
  _ isRight: (Task.Prediction, Task.Truth) -> Bool
) throws {
  for index in 0..<data.training.count {
    let sample = try data.training.sample(index)
    let truth = try #require(sample.truth)
    let inputs = TensorRows(task.input.specs, capacity: 1)
    let context = try task.input.write(sample.subject, into: inputs.slots(0), InputScratch())
    let targets = TensorRows(task.targets, capacity: 1)
    try task.write(task.placed(truth, context), into: targets.slots(0))
    let outputs = perfect(task.targets.indices.map { targets.tensor($0) })
    #expect(outputs.count == task.outputs.count)
    let parts = outputs.map {
      OutputSlots.Part($0.storage.base + $0.byteOffset, $0.elementType, Shape(Array($0.shape.dropFirst())))
    }
    let prediction = try task.decode(OutputSlots(parts, row: 0), context)
    withExtendedLifetime(outputs) {}
    #expect(isRight(prediction, truth), "\(sample.name): \(prediction) for \(truth)")
    var evaluator = task.evaluator()
    evaluator.add(prediction, truth)
    #expect(evaluator.scores.map(\.name) == task.evaluator().scores.map(\.name))
    try checkRecord(task, prediction)
  }
}

/// Rows have the columns that the task says, and fields are JSON.
private func checkRecord<Task: TrainableTask>(_ task: Task, _ prediction: Task.Prediction) throws {
  let record = task.record(prediction)
  #expect(record.rows.allSatisfy { $0.count == Task.columns.count })
  #expect(record.summary.count == Task.summaryColumns.count && !record.line.isEmpty)
  let text = JSON.object(record.fields.map { ($0.name, $0.value) }).text
  #expect(try JSONSerialization.jsonObject(with: Data(text.utf8)) is [String: Any])
}

/// What is read from the file is the same task, and says the same.
private func checkFile<Task: TrainableTask>(
  _ outcome: TrainingOutcome<Task>, _ data: Dataset<Task.Input.Subject, Task.Truth>
) throws {
  let read = try Model(bytes: outcome.model.bytes())
  #expect(read.signature == outcome.model.signature && read.signature.task == Task.name)
  #expect(try Task(read).details == outcome.task.details)
  #expect(TaskCatalog.named(read.signature.task) == Task.self)
  let subjects = try (0..<data.training.count).map { try data.training.sample($0).subject }
  func said(_ model: Model, _ threads: Int) throws -> [String] {
    let pipeline = try InferencePipeline<Task>(model, batch: .upTo(4), threads: threads)
    return try pipeline.predict(subjects).map { pipeline.task.record($0).rows.description }
  }
  #expect(try said(read, 2) == said(outcome.model, 1))
}
