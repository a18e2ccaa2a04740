import VisionRuntime
import VisionImage
import VisionStore
import VisionModel
import VisionTasks
public import ArgumentParser
import VisionNet

/// Options for what model files from elsewhere do not contain, for every command that classifies with a
/// model.
struct ModelOptions: ParsableArguments {
  @Option(
    help: "Class names: text with one per line, JSON or YAML; for ONNX files not written by VisionNet.",
    completion: .file())
  var labels: String?

  @OptionGroup var input: PreprocessingOption

  @Option(
    help:
      "How outputs become probabilities, if the model does not say: softmax is for one class per image, sigmoid for several, none for outputs that already are."
  )
  var activation: OutputActivation?

  @Option(help: "The output with the scores of the classes, if the network has several outputs.")
  var outputName: String?

  /// A classifier of the file at `path`.
  func classifier(
    _ path: String, threads: Int?, precision: ComputePrecision = .float32,
    packedWeights: PackedWeightsCache? = nil, _ messages: Messages
  ) throws -> ImageClassifier {
    let (source, names) = (try input.source(), try names())
    let classifier: ImageClassifier
    do {
      classifier = try ImageClassifier(
        contentsOf: path, preprocessing: source, labels: names, output: outputName,
        activation: activation, threads: threads, precision: precision, packedWeights: packedWeights)
    } catch {
      // A detector of others lacks many things that a classifier has; giving them would not help.
      guard let model = try? Model(contentsOf: path), (try? DetectorNetwork(model)) != nil else {
        throw error
      }
      throw CommandError(
        .data, "the model is for detection, not classification", place: path, remedy: "try visionnet detect")
    }
    for note in classifier.notes { messages.note(FilePath(note).printable) }
    if labels == nil, classifier.labels.enumerated().allSatisfy({ $1 == "class \($0)" }) {
      messages.warning("the model does not name its classes: they are numbered (--labels FILE names them)")
    }
    return classifier
  }

  /// The model in the file at `path`, with the values of the options.
  func model(_ path: String) throws -> Model {
    var model = try input.model(path)
    model.labels = try names() ?? model.labels
    model.activation = activation ?? model.activation
    model.scores = outputName ?? model.scores
    return model
  }

  private func names() throws -> [String]? { try labels.map { try Labels.read($0) } }

  /// The given files and words, with the options that gave them.
  var given: [(name: String, file: String)] {
    [
      ("--labels", labels), ("--preprocessing", input.preprocessing), ("--activation", activation?.rawValue),
      ("--output-name", outputName),
    ].compactMap { name, value in value.map { (name, $0) } }
  }
}

/// How images become the input of a network that does not specify it.
struct PreprocessingOption: ParsableArguments {
  @Option(help: ArgumentHelp(PreprocessingFile.help), completion: .file())
  var preprocessing: String?

  func source() throws -> PreprocessingSource? { try preprocessing.map { try PreprocessingFile.read($0) } }

  /// The model in the file at `path`. A given preprocessing becomes the model's and determines the size of
  /// its images.
  func model(_ path: String) throws -> Model {
    guard let source = try source() else { return try Model(contentsOf: path) }
    return try Model(contentsOf: path, preprocessing: source)
  }
}

extension OutputActivation: ExpressibleByArgument {}
