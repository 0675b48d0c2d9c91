// A web server's log, for the demos that search one.

export const accessLog = `
10.0.0.7  GET /ply/ply.html 97238
10.0.0.9  GET /python/généré.html 5042
10.0.0.7  GET /favicon.ico -
10.0.0.3  GET /ply/ply-3.0.tar.gz 81241
10.0.0.8  GET /swig/swig-doc.pdf 1204811
10.0.0.9  GET /python/curious/€.pdf 301276
10.0.0.7  GET /index.html 230
10.0.0.3  GET /python-and-ply.html 1712
`.trimStart();
