// Builds a network, draws weights from a seed, prints its layers and writes it as ONNX: WriteNetwork NAME OUT.onnx
// NAME is an architecture of the library, such as resnet18, or tiny for the one below.
import VisionNet

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

struct TinyResNet: Network {
  let classes: Int
  var body: some Layer {
    Conv2D(32, kernel: 3, bias: false).named("stem")
    BatchNorm()
    ReLU()
    for width in [64, 128] {
      Conv2D(width, kernel: 3, stride: 2, bias: false)
      BatchNorm()
      ReLU()
      Residual {
        Conv2D(width, kernel: 3, bias: false)
        BatchNorm()
      }
      ReLU()
    }
    GlobalAveragePool()
    Dense(classes).named("head")
  }
}

let arguments = CommandLine.arguments.dropFirst()
guard arguments.count == 2, let name = arguments.first, let path = arguments.last else {
  print("usage: WriteNetwork tiny|\(Architecture.all.map(\.name).joined(separator: "|")) OUT.onnx")
  exit(64)
}
do {
  let graph: Graph
  var preprocessing: Preprocessing?
  if name == "tiny" {
    graph = try TinyResNet(classes: 10).graph(input: (channels: 3, height: 96, width: 96))
    preprocessing = .imageNet(96)
  } else if let architecture = Architecture.named(name) {
    graph = try architecture.graph()
  } else {
    print("no network is called '\(name)'")
    exit(64)
  }
  print(graph.summary)
  let parameters = graph.initialParameters(seed: 1)
  try Model(graph: graph, parameters: parameters, preprocessing: preprocessing).write(to: path)
} catch {
  print("error: \(error)")
  exit(1)
}
