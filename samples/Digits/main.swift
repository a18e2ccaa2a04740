// The classic network for digits, 784 numbers in, 128, 64, and 10 out: Digits [FOLDER] [EPOCHS]
// FOLDER has a folder for each class, such as `visionnet datasets pull mnist-5k` makes. Without one, shapes are drawn
// into ./shapes and learned instead: harder for a network that does not know that pixels have neighbors.
import VisionNet

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

let arguments = CommandLine.arguments.dropFirst()
guard arguments.count <= 2, let epochs = Int(arguments.dropFirst().first ?? "10") else {
  print("usage: Digits [FOLDER] [EPOCHS]")
  exit(64)
}
do {
  let path = arguments.first ?? "shapes"
  if arguments.isEmpty { try DatasetStore().pull("shapes", to: path) }
  let folder = try ImageFolder(path)
  // Gray numbers from 0 to 1, 1×28×28.
  let preprocessing = try Preprocessing(
    width: 28, height: 28, fit: .squash, channels: .gray, scale: [1 / 255.0])

  let network = Sequential {
    Flatten()
    Dense(128)
    ReLU()
    Dense(64)
    ReLU()
    Dense(folder.labels.count)
  }
  print(try network.graph(sample: [1, 28, 28]).summary)

  let fitted = try network.fit(
    folder, preprocessing, epochs: epochs,
    report: { event in
      if case .epoch(let epoch) = event {
        print("epoch \(epoch.epoch): loss \(epoch.trainingLoss), right \(epoch.score("top1") ?? 0)")
      }
    })

  // What it says about images that it has not been trained on.
  let test = folder.test.isEmpty ? folder.validation : folder.test
  let metrics = try ImageClassifier(fitted.model).evaluate(test, classes: folder.labels).metrics
  print("\(metrics.right) of \(test.count) right")
} catch {
  print("error: \(error)")
  exit(1)
}
