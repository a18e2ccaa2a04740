// Trains a small network of your own on a folder of images: TrainFolder FOLDER OUT.onnx [EPOCHS]
// The folder holds a folder of PNG or JPEG files for each class. Without one: `visionnet datasets pull shapes`.
// What comes out classifies: `visionnet classify --model OUT.onnx IMAGE`.
import VisionNet

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Four times convolution, norm, activation and halving; then one number for each class.
struct SmallNet: Network {
  let classes: Int
  var body: some Layer {
    for width in [16, 32, 64, 128] {
      Conv2D(width, kernel: 3, bias: false)
      BatchNorm()
      ReLU()
      MaxPool2D(2)
    }
    GlobalAveragePool()
    Dense(classes).named("head")
  }
}

/// All images as one tensor N×3×H×W, and their classes.
func load(_ images: [LabeledImage], _ preprocessing: Preprocessing) throws -> (x: Tensor, y: Tensor) {
  var numbers: [Float] = []
  for image in images {
    numbers += try preprocessing.apply(to: Image(contentsOf: image.path)).floats
  }
  let shape = Shape([images.count, 3, preprocessing.height, preprocessing.width])
  return (Tensor(numbers, shape: shape), Tensor(images.map { Int64($0.label) }))
}

let arguments = CommandLine.arguments
guard (3...4).contains(arguments.count), let epochs = Int(arguments.count == 4 ? arguments[3] : "30") else {
  print("usage: TrainFolder FOLDER OUT.onnx [EPOCHS]")
  exit(64)
}
do {
  // A folder without `val` is split: a fifth of the images is not trained on, but judged by.
  let folder = try ImageFolder(arguments[1])
  try folder.check()
  let preprocessing = try Preprocessing(
    width: 48, height: 48, fit: .squash, scale: [1 / 255.0, 1 / 255.0, 1 / 255.0], mean: [0.5, 0.5, 0.5],
    deviation: [0.25, 0.25, 0.25])
  let training = try load(folder.training, preprocessing)
  let validation = try load(folder.validation, preprocessing)

  var settings = TrainerSettings()
  settings.schedule = .cosine(5e-3, warmUp: .share(0.1))
  let network = try SmallNet(classes: folder.labels.count).fit(
    training.x, training.y, epochs: epochs, batchSize: 16, validation: validation,
    settings: settings,
    report: { event in
      if case .epoch(let epoch) = event {
        print("epoch \(epoch.epoch): loss \(epoch.trainingLoss), right \(epoch.score("top1") ?? 0)")
      }
    })

  // One file holds the network, its labels, and how images become its input.
  let graph = try network.graph.withProbabilities()
  try Model(
    graph: graph, parameters: network.result.parameters, labels: folder.labels, preprocessing: preprocessing
  ).write(to: arguments[2])
  print("best: \(network.result.best?.score("top1") ?? 0) of \(folder.validation.count) images right")
} catch {
  print("error: \(error)")
  exit(1)
}
