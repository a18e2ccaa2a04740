import VisionNet
@main struct Placeholder { static func main() { print("visionnet") } }
