// Trains a small network of your own on a folder of images: TrainFolder FOLDER OUT.onnx [EPOCHS]
// The folder holds a folder of PNG or JPEG files for each class. Without one: `visionnet datasets pull shapes`.
// What comes out classifies: `visionnet classify --model OUT.onnx IMAGE`.
import VisionNet

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Four times convolution, norm, activation and halving: 128 numbers that describe an image.
struct SmallNet: Network {
  var body: some Layer {
    for width in [16, 32, 64, 128] {
      Conv2D(width, kernel: 3, bias: false)
      BatchNorm()
      ReLU()
      MaxPool2D(2)
    }
    GlobalAveragePool()
    Flatten()
  }
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
  func samples(_ images: [LabeledImage]) throws -> ImageSamples {
    try ImageSamples(images, classes: folder.labels.count, preprocessing: preprocessing)
  }
  let data = try Dataset(
    name: folder.name, training: samples(folder.training), validation: samples(folder.validation))

  var settings = TrainerSettings()
  settings.batchSize = 16
  settings.schedule = .cosine(5e-3, warmUp: .share(0.1))
  // The task puts a last layer behind the network, with an output for each class.
  let task = try Classification(labels: folder.labels, preprocessing: preprocessing)
  let run = try TrainingRun(task, on: data, from: .layers(SmallNet()), epochs: epochs, settings: settings)
  let outcome = try run.run(report: { event in
    if case .training(.epoch(let epoch)) = event {
      print("epoch \(epoch.epoch): loss \(epoch.trainingLoss), right \(epoch.score("top1") ?? 0)")
    }
  })

  // One file holds the network, its labels, and how images become its input.
  try outcome.model.write(to: arguments[2])
  print("best: \(outcome.validation?.metrics.top1 ?? 0) of \(folder.validation.count) images right")
} catch {
  print("error: \(error)")
  exit(1)
}
