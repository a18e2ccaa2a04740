import ArgumentParser
import VisionModel
import VisionNet
import VisionSystem
import VisionTasks

/// `visionnet export`: writes a model of any kind as an ONNX file.
struct Export: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Write any model that can be read as an ONNX file.",
    discussion: """
      The file holds labels and preprocessing, where they are known. A detector's has the outputs boxes (N x A x 4: left, \
      top, right and bottom in pixels of the input) and scores (N x A x K), before any selection.

      With --with-selection, a detector selects boxes by itself, by NonMaxSuppression: for one image, the outputs \
      selected_boxes (n x 4), selected_scores and selected_classes are added, the highest score first.
      """)

  @Argument(help: "A model file, or the name of a pretrained model; also by -m.", completion: .file())
  var model: String

  @Option(name: .shortAndLong, help: "The file to write.", completion: .file(extensions: ["onnx"]))
  var output: String

  @Flag(help: "Let a detector select boxes by itself.")
  var withSelection = false

  @OptionGroup(title: "Boxes") var selection: SelectionFlags

  @OptionGroup(title: "Model files") var detector: DetectorOptions

  @OptionGroup var overwriting: OverwriteFlag

  @Flag(help: "Work offline: download nothing.")
  var offline = false

  @Option(help: "Output format.")
  var format = ReportFormat.text

  @OptionGroup(title: "Messages") var saying: MessageFlags

  func validate() throws {
    guard withSelection || (selection.confidence == nil && selection.iou == nil && selection.max == 300)
    else {
      throw ValidationError("--confidence, --iou and --max need --with-selection")
    }
  }

  func run() throws {
    try overwriting.check(output)
    let messages = saying.messages
    let path = try ModelLocator(offline: offline, messages: messages).path(of: model)
    switch try detector.outputs.source(path, labels: detector.labels) {
    case .network(let network)?:
      if let note = network.note { messages.note("\(FilePath(model).printable): \(note)") }
      guard withSelection else {
        try network.model.write(to: output)
        break
      }
      let chosen = selection.applied(to: try ObjectDetection(network.model).selection)
      try network.model.write(to: output, with: chosen)
    case .staged?:
      throw CommandError(
        .usage, "the detector selects boxes by itself already, and is an ONNX file", place: model)
    case nil:
      guard !withSelection else {
        throw CommandError(.usage, "--with-selection is about detectors, and the model is none", place: model)
      }
      var other = try Model(contentsOf: path)
      if let labels = detector.labels { other.labels = try Labels.read(labels) }
      try other.write(to: output)
    }
    try WrittenFiles(output).write(format)
  }
}
