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

let arguments = CommandLine.arguments
guard (3...4).contains(arguments.count), let epochs = Int(arguments.count == 4 ? arguments[3] : "30") else {
  print("usage: TrainFolder FOLDER OUT.onnx [EPOCHS]")
  exit(64)
}
do {
  // A folder without `val` is split: a fifth of the images is not trained on, but judged by.
  let folder = try ImageFolder(arguments[1])
  let preprocessing = try Preprocessing(
    width: 48, height: 48, fit: .squash, scale: [1 / 255.0, 1 / 255.0, 1 / 255.0], mean: [0.5, 0.5, 0.5],
    deviation: [0.25, 0.25, 0.25])
  var settings = TrainerSettings()
  (settings.batchSize, settings.schedule) = (16, .cosine(5e-3, warmUp: .share(0.1)))
  let network = try SmallNet(classes: folder.labels.count).fit(
    folder, preprocessing, epochs: epochs, settings: settings,
    report: { event in
      if case .epoch(let epoch) = event {
        print("epoch \(epoch.epoch): loss \(epoch.trainingLoss), right \(epoch.score("top1") ?? 0)")
      }
    })
  // One file holds the network, its labels, and how images become its input.
  try network.model.write(to: arguments[2])
  print("best: \(network.result.best?.score("top1") ?? 0) of \(folder.validation.count) images right")
} catch {
  print("error: \(error)")
  exit(1)
}
