import VisionGraph
import VisionImage
import VisionModel
import VisionSystem
import VisionTraining

extension Trainer {
  /// The network as it is trained now, as a classifier: with probabilities, and with an embedding where one layer makes the logits.
  ///
  /// Its `model` has the labels and the preprocessing, too, and can be written to a file.
  ///
  /// - Parameters:
  ///   - labels: the names of the K classes, in the order of the network's outputs.
  ///   - preprocessing: how images became the samples that the network was trained on.
  ///   - threads: threads to compute with; by default one a core.
  /// - Throws: `ClassifierError` when the network does not take one image or does not give a number a label.
  public func classifier(
    labels: [String], preprocessing: Preprocessing, threads: Int? = nil
  ) throws(ClassifierError) -> ImageClassifier {
    var model: Model
    do throws(GraphError) {
      model = Model(
        graph: try graph.withProbabilities(), parameters: parameters, labels: labels,
        preprocessing: preprocessing)
    } catch { throw ClassifierError(error) }
    // A network without one last layer has no embedding.
    model.embedding = (try? HeadFinder(model.graph).head()).map { model.graph[$0.embedding].name }
    return try ImageClassifier(model, threads: threads)
  }
}
