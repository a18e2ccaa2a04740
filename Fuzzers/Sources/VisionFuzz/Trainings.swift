@testable import VisionTraining
import VisionTasks
import CFuzzer
import VisionNet

/// What a training run that goes on reads from its folder, from bytes.
enum Trainings {
  /// A checkpoint is read, and training goes on from it; then the curves of its history are drawn.
  static func resume(_ bytes: UnsafeRawBufferPointer) {
    guard let (trainer, conditions) = trained else { return require(false) }
    let path = "\(Sandbox.inside)/checkpoint.safetensors"
    guard Sandbox.replace(path, Array(bytes)), var checkpoint = try? Checkpoint(contentsOf: path) else {
      return
    }
    // What was written is read.
    require((try? checkpoint.write(to: path)) != nil)
    let again = try? Checkpoint(contentsOf: path)
    require(again?.history.count == checkpoint.history.count && again?.state.count == checkpoint.state.count)
    // The settings of the run are words; they are taken for right, so that what follows is tried.
    checkpoint.conditions = conditions
    guard (try? trainer.resume(from: checkpoint)) != nil else { return }
    guard let result = try? trainer.runBlocking(epochs: 3) else { return }
    require(result.parameters.names == result.lastParameters.names, "the weights are those of the network")
    _ = try? trainer.model.bytes()
    var content = TrainingReportContent(title: "fuzz", summary: "")
    content.epochs = result.history
    _ = content.html(threads: 1)
  }

  /// Settings as a file, and as the file that a run keeps.
  static func yaml(_ bytes: UnsafeRawBufferPointer) {
    let path = "\(Sandbox.inside)/config.yaml"
    guard Sandbox.replace(path, Array(bytes)), let read = try? GivenSettings(contentsOf: path) else {
      return
    }
    let text = read.yaml
    let again = try? GivenSettings(yaml: text, name: path)
    require(again?.yaml == text, "what was written is read")
  }

  private struct Toy: VisionNet.Network {
    var body: some Layer {
      Dense(4).named("hidden")
      ReLU().named("relu")
      Dense(2).named("head")
    }
  }

  /// The trainer, three batches of two an epoch, and what its checkpoints must say of its settings.
  ///
  /// Both live to the end. Some of what they hold is reached by pointers with marks in them, which the search for leaks
  /// does not follow.
  private static let trained: (trainer: Trainer, conditions: [String: String])? = {
    __lsan_disable()
    defer { __lsan_enable() }
    func samples(_ count: Int) throws -> TensorSamples {
      let x = Tensor((0..<3 * count).map { Float($0 % 5) - 2 }, shape: [count, 3])
      return try TensorSamples(x, Tensor((0..<count).map { Int64($0 % 2) }))
    }
    var settings = TrainerSettings()
    settings.threads = 1
    settings.batchSize = 2
    settings.optimizer = SGD(momentum: 0.9)
    settings.averageDecay = 0.5
    settings.stopping = Patience(2)
    do {
      let trainer = try Trainer(Toy(), on: samples(6), validation: samples(4), settings: settings)
      let setup = try TrainingSetup(
        trainer.graph, prediction: "logits", training: BatchFeed(samples(6), settings, isTraining: true),
        validation: BatchFeed(samples(4), settings, isTraining: false), settings: settings)
      return (trainer, setup.conditions)
    } catch {
      print("the trainer of the fuzzer cannot be made: \(error)")
      return nil
    }
  }()
}
