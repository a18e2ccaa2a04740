import VisionData
import VisionInference
package import VisionSystem
import VisionTensor

/// Samples as tensors of a task: inputs, then targets.
struct TaskSamples<Task: TrainableTask>: TensorSource {
  let task: Task
  let samples: any SampleSource<Task.Input.Subject, Task.Truth>

  /// The source of training batches: a source that is a `TensorSource` itself, such as images that are
  /// augmented anew in each epoch, is used as it is.
  ///
  /// - Throws: `TrainingError` with code `shape` when the tensors of such a source are not those of the task.
  static func tensors(
    _ task: Task, _ samples: any SampleSource<Task.Input.Subject, Task.Truth>
  ) throws(TrainingError) -> any TensorSource {
    let own = TaskSamples(task: task, samples: samples)
    guard let source = samples as? any TensorSource else { return own }
    let fits = source.specs.elementsEqual(own.specs) { $0.type == $1.type && $0.shape == $1.shape }
    guard fits else {
      throw TrainingError(
        .shape, "the samples are not the tensors of the task '\(Task.name)'",
        remedy: "make them with the sides and channels of the task's input, and as many classes")
    }
    return source
  }

  var count: Int { samples.count }
  var specs: [TensorSpec] { task.input.specs + task.targets }

  func makeReader(seed: UInt64) -> any TensorReader { Reader(self) }

  /// A sample and its truth.
  ///
  /// - Throws: `TrainingError` with code `data` for a sample without a truth, and errors of reading it.
  func sample(_ index: Int) throws(TrainingError) -> (
    sample: Sample<Task.Input.Subject, Task.Truth>, truth: Task.Truth
  ) {
    let sample = try samples.sample(index)
    guard let truth = sample.truth else {
      throw TrainingError(.data, "nobody says what is true of it", place: sample.name)
    }
    return (sample, truth)
  }

  private final class Reader: TensorReader {
    private let source: TaskSamples
    private let scratch = InputScratch()
    private let inputs: Int

    init(_ source: TaskSamples) {
      self.source = source
      inputs = source.task.input.specs.count
    }

    func read(_ index: Int, epoch: Int, into slots: borrowing TensorSlots) throws(TrainingError) {
      let (sample, truth) = try source.sample(index)
      do {
        let context = try source.task.input.write(sample.subject, into: slots, scratch)
        try source.task.write(source.task.placed(truth, context), into: slots.dropping(inputs))
      } catch { throw TrainingError.wrapping(error).at(sample.name) }
    }
  }
}

extension TrainingError {
  /// The same error, with the name of the sample as its place unless it has one.
  package func at(_ sample: String) -> TrainingError {
    var error = self
    error.place = place ?? sample
    return error
  }
}
